/** What a cluster owes its clients, judged from what they were told and what they can read. */
import type { LoadOutcome, Log } from './driver.ts';

export interface Judgement {
  /** Acknowledged, and not in the log. */
  readonly lost: readonly number[];
  /** More than once in the log. */
  readonly duplicated: readonly number[];
  /** Followed in its partition by a smaller number of the same key. */
  readonly disordered: readonly number[];
  /** In the log, and read by no member of the group. */
  readonly unread: readonly number[];
}

export const FLAWLESS: Judgement = { lost: [], duplicated: [], disordered: [], unread: [] };

export function judge(outcome: LoadOutcome, log: Log, received: readonly number[]): Judgement {
  const times = new Map<number, number>();
  const disordered: number[] = [];
  for (const numbers of log.values()) {
    const lastOfKey = new Map<number, number>();
    for (const number of numbers) {
      times.set(number, (times.get(number) ?? 0) + 1);
      const last = lastOfKey.get(number % 10) ?? -1;
      if (number < last) disordered.push(last);
      lastOfKey.set(number % 10, number);
    }
  }
  const read = new Set(received);
  return {
    lost: outcome.acknowledged.filter((number) => !times.has(number)),
    duplicated: [...times].filter(([, count]) => count > 1).map(([number]) => number),
    disordered,
    unread: [...times.keys()].filter((number) => !read.has(number)),
  };
}

/** All numbers of a log, smallest first. */
export function contents(log: Log): readonly number[] {
  return [...log.values()].flat().sort((left, right) => left - right);
}

export function range(first: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}
