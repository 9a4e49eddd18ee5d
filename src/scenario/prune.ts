import type { z } from 'zod';
import type { Path } from './source.ts';

type Container = Record<string | number, unknown>;

/**
 * A value without the parts that a schema refuses, so that the rest can be looked at too: what is wrong in one place does not hide what
 * is wrong in another. What is required and missing gets a stand-in.
 */
export function prune(value: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  const copy = structuredCopy(value);
  for (const issue of issues) {
    const path = issue.path.filter((step): step is string | number => typeof step !== 'symbol');
    if (issue.code === 'unrecognized_keys') for (const key of issue.keys) remove(copy, [...path, key]);
    else if (issue.code === 'invalid_type' && issue.input === undefined) supply(copy, path, issue.expected);
    else if (path.length > 0 && String(path[0]) === 'version') supply(copy, path, 'one');
    else if (path.length > 0 && String(path[0]) === 'name') supply(copy, path, 'string');
    else remove(copy, path);
  }
  return copy;
}

function structuredCopy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(structuredCopy);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, structuredCopy(inner)]));
}

/** Removes what stands at a path; an item of a list becomes an empty one, so that the others keep their places. */
function remove(value: unknown, path: Path): void {
  const last = path.at(-1);
  const holder = holderOf(value, path);
  if (holder === undefined || last === undefined) return;
  if (Array.isArray(holder)) remove(value, path.slice(0, -1));
  else delete holder[last];
}

function supply(value: unknown, path: Path, expected: string): void {
  const last = path.at(-1);
  const holder = holderOf(value, path);
  if (holder === undefined || last === undefined) return;
  if (path.length === 1) holder[last] = last === 'version' ? 1 : expected === 'string' ? 'unnamed' : {};
  else remove(value, path.slice(0, -1));
}

function holderOf(value: unknown, path: Path): Container | undefined {
  let found: unknown = value;
  for (const step of path.slice(0, -1)) {
    if (found === null || typeof found !== 'object') return undefined;
    found = (found as Container)[step];
  }
  return found !== null && typeof found === 'object' ? (found as Container) : undefined;
}
