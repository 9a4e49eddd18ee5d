import type { Assignor } from './assignor.ts';
import { range } from './range.ts';
import { uniform } from './uniform.ts';

/** The server-side assignors that Kafka brings, by the names that members ask for. */
export const ASSIGNORS: ReadonlyMap<string, Assignor> = new Map([
  ['uniform', uniform],
  ['range', range],
]);

/** 3.9 writes class names into `group.consumer.assignors`, later releases names. */
export function assignorName(configured: string): string {
  const match = /(\w+)Assignor$/.exec(configured);
  return match === null ? configured : match[1]!.toLowerCase();
}
