/** Time at the prompt, as a script sees it through the binary. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kzsim } from './run-kzsim.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kzsim-cli-time-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const script = (command: readonly string[], lines: readonly string[]) => kzsim(command, `${lines.join('\n')}\n`);

describe('a script that moves in time', () => {
  test.each(['kraft', 'zookeeper'])('goes back, forks, saves and plays what it saved, in %s mode', (mode) => {
    const file = join(folder, `${mode}.yaml`);
    const { code, out, err } = script(
      ['repl', '--topic', 'orders:3', '--mode', mode, '--timers', 'fast'],
      [
        'kill leader(orders-0) --as dead',
        'expect orders-0.leader != $dead within 25s',
        'time goto 0s',
        'expect orders-0.isr.size == 3 within 1s',
        'time step 100ms',
        'kill follower(orders-0) --as other',
        'expect orders-0.isr excludes $other within 25s',
        'branches | head -1',
        `save ${file}`,
      ],
    );
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('on branch-2 from here: it left main at 0.000s');
    expect(out).toContain(`${file}: 3 steps; kzsim play ${file} does it again`);
    expect(kzsim(['validate', file]).code).toBe(0);
    const played = kzsim(['play', file, '--plain']);
    expect(played.code).toBe(0);
    expect(played.out).toContain('kill follower(orders-0)');
    expect(played.out).not.toContain('kill leader(orders-0)');
  });

  test('a line that cannot be done ends it with 1', () => {
    const { code, err } = script(['repl'], ['time goto yesterday']);
    expect(code).toBe(1);
    expect(err).toContain('line 1: time goto takes a time since the cluster was ready');
  });
});

describe('kzsim replay --prompt', () => {
  test('stands at the beginning of a recording, and goes along it in both directions', () => {
    const file = join(folder, 'up.journal');
    const up = kzsim(['up', '--no-listen', '--for', '5s', '--speed', 'max', '--topic', 'orders:1', '--record', file]);
    expect(up.code).toBe(0);
    expect(existsSync(file)).toBe(true);
    const { code, out, err } = script(
      ['replay', file, '--prompt'],
      ['time', 'time step 2s', 'time now', 'time back 1s', 'kill 1', 'branches | wc -l'],
    );
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const [first, second, third, fourth, ...rest] = out.trim().split('\n');
    expect(first).toMatch(/^0\.000s, in the past: main was at [5-9]\.\d+s$/);
    expect(second).toMatch(/^2\.000s, in the past/);
    expect(third).toMatch(/^[5-9]\.\d+s$/);
    expect(fourth).toMatch(/^[4-8]\.\d+s, in the past/);
    expect(rest).toEqual(['done: broker-1', expect.stringContaining('on branch-2 from here'), '2']);
  });

  test('refuses what is no recording', () => {
    expect(kzsim(['replay', 'package.json', '--prompt']).code).toBe(2);
  });
});
