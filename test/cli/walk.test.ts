/** A new user's first quarter of an hour, in terminals of three sizes: read the cluster, break it, ask why, go back, undo it, keep it, play it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { launch, type Tui } from './pty.ts';

const SIZES = [
  [120, 40],
  [80, 24],
  [60, 20],
] as const;
const LEFT = '\u001b[D';
const DOWN = '\u001b[B';
const ESCAPE = '\u001b';

const folder = mkdtempSync(join(tmpdir(), 'kzsim-walk-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function kzsim(args: readonly string[], [cols, rows]: readonly [number, number]): Promise<Tui> {
  const env = { KZSIM_HISTORY: '/dev/null', KZSIM_RUNTIME_DIR: folder };
  return launch(process.execPath, ['bin/kzsim.js', ...args], { cols, rows, env });
}

describe('a walk', () => {
  test.concurrent.each(SIZES)('at %i×%i', async (...size) => {
    const file = join(folder, `${size[0]}.yaml`);
    const name = `walk-${size[0]}`;
    const up = await kzsim(['up', '--no-listen', '--topic', 'orders:3', '--timers', 'fast', '--name', name], size);
    await up.waitFor(/brokers (online )?3\/3/);
    await up.waitFor(/● orders-0 +1 +1,2,3 +0/);
    // The first partition is selected, and its leader dies.
    up.write(DOWN);
    up.write('K');
    await up.waitFor(/brokers (online )?2\/3/);
    await up.waitFor(/◐ orders-0 +2 +2,3 +1 /);
    up.write('w');
    await up.waitFor(/because broker-1 was killed[\s\S]*because you typed:\s+kill leader\(orders-0\)/);
    up.write(ESCAPE);
    await up.waitFor(/── partitions ─/);
    // Back to before it, by steps and by a time; and what was done is undone by doing something else there.
    up.write(LEFT);
    await up.waitFor(/PAUSED {3}in the past of main/);
    up.write('time goto 0s\r');
    await up.waitFor(/● orders-0 +1 +1,2,3 +0/);
    up.write('produce orders --partition 0 --value undone\r');
    await up.waitFor(/1x {2}branch-2/);
    await up.waitFor('orders-0 offset 0');
    await up.waitFor(/brokers (online )?3\/3/);
    up.write(`save ${file}\r`);
    await up.waitFor(/1 step; kzsim play/);
    up.write('q');
    expect((await up.exited).exitCode).toBe(0);
    expect(up.alt()).toBe(false);
    up.close();

    const play = await kzsim(['play', file, '--speed', 'max'], size);
    await play.waitFor(/✓ produce/);
    await play.waitFor(/ max +passed/);
    play.write('q');
    expect((await play.exited).exitCode).toBe(0);
    expect(play.screen().join('\n')).toMatch(new RegExp(`passed +${size[0]} `));
    play.close();
  });
});
