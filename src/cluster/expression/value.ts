import { formatDuration } from '../units.ts';

/** A value of the scenario language; null is `none`. Durations are microseconds, brokers are their numbers. */
export type Value = number | string | boolean | null | readonly Value[];

/** What kind of value stands at a place, as far as it is known before the run. */
export type ValueType = 'number' | 'duration' | 'boolean' | 'name' | 'set' | 'none' | 'any';

/** `broker-1` and `1` are the same node; every other name stays itself. */
export function nodeValue(name: string): Value {
  const match = /^broker-(\d+)$/.exec(name);
  return match ? Number(match[1]) : name;
}

export function equalValues(a: Value, b: Value): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.every((item) => contains(b, item)) && b.every((item) => contains(a, item));
  return a === b;
}

export function contains(list: Value, item: Value): boolean {
  return Array.isArray(list) && list.some((candidate: Value) => equalValues(candidate, item));
}

/** How a value is shown in reports, in the spelling of the scenario language. */
export function formatValue(value: Value, type: ValueType): string {
  if (value === null) return 'none';
  if (typeof value === 'object') return `[${value.map((item) => formatValue(item, 'any')).join(', ')}]`;
  if (type === 'duration' && typeof value === 'number') return formatDuration(value);
  return String(value);
}
