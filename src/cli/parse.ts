/** Readers of option values. They refuse with a sentence that says what is wanted. */
import { InvalidArgumentError } from 'commander';
import { parseDuration, parseSize } from '../cluster/units.ts';

export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(
      most === Number.MAX_SAFE_INTEGER
        ? `It is a whole number from ${least}.`
        : `It is a whole number from ${least} to ${most}.`,
    );
  };
}

/** `5s` → microseconds. */
export function durationUs(text: string): number {
  const parsed = parseDuration(text);
  if (parsed !== undefined && parsed >= 0) return parsed;
  throw new InvalidArgumentError('It is a duration like 200ms, 5s, 1m30s.');
}

/** `10x`, `0.5x`, `10`, `max` → virtual over wall time. */
export function speed(text: string): number {
  if (text === 'max') return Number.POSITIVE_INFINITY;
  const match = /^(\d+(?:\.\d+)?)x?$/.exec(text);
  const value = match ? Number(match[1]) : 0;
  if (value > 0 && value <= 1_000_000) return value;
  throw new InvalidArgumentError('It is a multiple of real time like 10x or 0.5x, or max.');
}

/** `127.0.0.1:9092`, `[::1]:9092`, `:9092`, `9092` → a host and a port. */
export function address(text: string): { readonly host: string; readonly port: number } {
  const match = /^(?:(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]]*)):)?(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (!match || port > 65_535)
    throw new InvalidArgumentError('It is written HOST:PORT, as in 127.0.0.1:9092; port 0 takes a free one.');
  return { host: match[1] ?? (match[2] || '127.0.0.1'), port };
}

/** `64MiB` → bytes; `none` → null. */
export function memory(text: string): number | null {
  if (text === 'none') return null;
  const size = parseSize(text);
  if (size !== undefined && size >= SMALLEST_MEMORY) return size;
  throw new InvalidArgumentError('It is a size from 1MiB, such as 64MiB, or none.');
}
const SMALLEST_MEMORY = 1 << 20;

/** `7`, `1-500` or `1,5,9-12` → seeds, each once, in the order written. */
export function seedList(text: string): readonly number[] {
  const seeds = new Set<number>();
  for (const part of text.split(',')) {
    const match = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(part.trim());
    const from = Number(match?.[1]);
    const to = Number(match?.[2] ?? match?.[1]);
    if (!match || to < from) throw new InvalidArgumentError('Seeds are written 7, 1-500 or 1,5,9-12.');
    if (to - from >= MOST_SEEDS) throw new InvalidArgumentError(`No more than ${MOST_SEEDS} seeds at once.`);
    for (let seed = from; seed <= to; seed++) seeds.add(seed);
  }
  return [...seeds];
}
const MOST_SEEDS = 100_000;

/** Collects the values of an option that may be given several times. */
export function repeated<T>(
  read: (text: string) => T,
): (text: string, before: readonly T[] | undefined) => readonly T[] {
  return (text, before) => [...(before ?? []), read(text)];
}
