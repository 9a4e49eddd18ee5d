/** What becomes of lines as they are entered: at once, in order, for a tool, or given up. */
import { describe, expect, test } from 'vitest';
import { TypedLines } from '../../src/cli/repl/typed-lines.ts';
import type { Reply } from '../../src/tools/session.ts';

function begin() {
  const running: { readonly text: string; readonly done: (reply: Reply) => void }[] = [];
  const told: string[] = [];
  const lines = new TypedLines({
    execute: (text, done) => void running.push({ text, done }),
    told: ({ lines: said }) => void told.push(...said),
  });
  const enter = (text: string, pasted = false): void =>
    lines.enter({ kind: 'submit', line: text.trim(), text, pasted });
  const texts = (): readonly string[] => running.map(({ text }) => text);
  const end = (text: string): void => running.find((one) => one.text === text)!.done({ ok: true, lines: [text] });
  return { lines, enter, texts, end, told };
}

describe('typed lines', () => {
  test('a typed line runs beside one that waits', () => {
    const { enter, texts } = begin();
    enter('wait 5s');
    enter('kill 1');
    expect(texts()).toEqual(['wait 5s', 'kill 1']);
  });

  test('a pasted one waits for the one before it, and what is typed behind them too', () => {
    const { enter, texts, end, told } = begin();
    enter('wait 5s', true);
    enter('kill 1', true);
    enter('status');
    expect(texts()).toEqual(['wait 5s']);
    end('wait 5s');
    expect(texts()).toEqual(['wait 5s', 'kill 1']);
    end('kill 1');
    end('status');
    expect(told).toEqual(['wait 5s', 'kill 1', 'status']);
  });

  test('a producer reads lines until Ctrl-D, each of them a record with its blanks', () => {
    const { lines, enter, texts, end } = begin();
    enter('kafka-console-producer --topic orders');
    expect({ label: lines.label, texts: texts() }).toEqual({ label: '> ', texts: [] });
    enter('  one');
    enter('EOF');
    const [first] = texts();
    expect(first).toBe('kafka-console-producer --topic orders <<EOF\n  one\nEOF');
    end(first!);
    expect(texts()[1]).toBe('kafka-console-producer --topic orders <<_EOF\nEOF\n_EOF');
    expect(lines.end()).toBe(true);
    expect({ label: lines.label, again: lines.end() }).toEqual({ label: 'kzsim> ', again: false });
  });

  test('Ctrl-C leaves the lines of another, then gives up what runs and what waits behind it, then nothing', () => {
    const { lines, enter, texts, end } = begin();
    expect(lines.interrupt()).toBe(false);
    enter('wait 5s', true);
    enter('kill 1', true);
    enter('kafka-console-producer --topic orders <<EOF');
    enter('one');
    expect(lines.interrupt()).toBe(true);
    expect(lines.reading).toBe(false);
    expect(lines.interrupt()).toBe(true);
    end('wait 5s');
    expect(texts()).toEqual(['wait 5s', 'cancel']);
    expect(lines.interrupt()).toBe(false);
  });

  test('what is piped, helped or misspelt reads nothing', () => {
    const { lines, enter } = begin();
    for (const line of [
      'echo x | kafka-console-producer --topic orders',
      'kafka-console-producer --help',
      'kafka-console-producer --topc orders',
      'kafka-topics --list',
    ])
      enter(line);
    expect(lines.reading).toBe(false);
  });
});
