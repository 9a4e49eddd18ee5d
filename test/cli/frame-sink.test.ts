/** What reaches a terminal: whole frames, and of them the rows that changed. */
import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FrameSink, sameRows } from '../../src/cli/terminal/frame-sink.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const ESCAPE = '\u001b[';
// biome-ignore lint/suspicious/noControlCharactersInRegex: this is what a terminal takes.
const ROW = /\u001b\[(\d+);1H/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: this too.
const OTHER = /\u001b\[[?0-9;]*[A-Za-z]/g;

function terminal() {
  const written: string[] = [];
  const out = Object.assign(new EventEmitter(), {
    columns: 20,
    rows: 5,
    writableNeedDrain: false,
    write: (text: string) => written.push(text) > 0,
  });
  const sink = new FrameSink(out as unknown as NodeJS.WriteStream, 30);
  const next = (): string => {
    vi.advanceTimersByTime(100);
    return written.splice(0).join('').replaceAll(ROW, '<$1>').replaceAll(OTHER, '');
  };
  return { out, sink, next, written };
}

test('a frame is one synchronized update, of the rows that changed', () => {
  const { sink, next, written } = terminal();
  sink.write('one\ntwo\nthree');
  vi.advanceTimersByTime(100);
  expect(written).toHaveLength(1);
  expect(written[0]!.startsWith(`${ESCAPE}?2026h`) && written[0]!.endsWith(`${ESCAPE}?2026l`)).toBe(true);
  expect(next()).toBe('<1>one<2>two<3>three');
  sink.write('one\n2\nthree');
  expect(next()).toBe('<2>2');
});

test('rows that are as they were need not be handed in, also where the frame before was never painted', () => {
  const { sink, next } = terminal();
  sink.write('one\ntwo\nthree');
  expect(next()).toBe('<1>one<2>two<3>three');
  sink.write(`${sameRows(1)}\n2\n${sameRows(1)}`);
  sink.write(`${sameRows(2)}\n3`);
  expect(next()).toBe('<2>2<3>3');
});

test('a terminal that does not keep up gets the newest frame, when it can', () => {
  const { out, sink, next } = terminal();
  out.writableNeedDrain = true;
  sink.write('one');
  expect(next()).toBe('');
  sink.write('two');
  expect(next()).toBe('');
  out.writableNeedDrain = false;
  out.emit('drain');
  expect(next()).toBe('<1>two');
});

test('while the terminal belongs to somebody else nothing is painted, and all of it afterwards', () => {
  const { sink, next } = terminal();
  sink.write('one\ntwo');
  expect(next()).toBe('<1>one<2>two');
  sink.pause();
  sink.write('one\n2');
  expect(next()).toBe('');
  sink.resume();
  expect(next()).toBe('<1>one<2>2');
});
