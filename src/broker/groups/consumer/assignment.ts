/**
 * Partitions by topic id, as members of consumer groups own them: each list ascending, no list empty. Never changed once made.
 */
export type Assignment = ReadonlyMap<string, readonly number[]>;

export const NOTHING: Assignment = new Map();

/** As requests and records write it. */
export type TopicPartitions = readonly { readonly topicId: string; readonly partitions: readonly number[] }[];

export function assignmentOf(written: TopicPartitions): Assignment {
  const made = new Map<string, readonly number[]>();
  for (const { topicId, partitions } of written)
    if (partitions.length > 0)
      made.set(topicId, [...new Set([...(made.get(topicId) ?? []), ...partitions])].sort(ascending));
  return made;
}

/** In the order of topic ids, so that two equal assignments are written alike. */
export function written(assignment: Assignment): { topicId: string; partitions: readonly number[] }[] {
  return [...assignment.keys()].sort().map((topicId) => ({ topicId, partitions: assignment.get(topicId)! }));
}

export function keep(of: Assignment, holds: (topicId: string, partition: number) => boolean): Assignment {
  const kept = new Map<string, readonly number[]>();
  for (const [topicId, partitions] of of) {
    const some = partitions.filter((partition) => holds(topicId, partition));
    if (some.length > 0) kept.set(topicId, some);
  }
  return kept;
}

export function has(assignment: Assignment, topicId: string, partition: number): boolean {
  return assignment.get(topicId)?.includes(partition) === true;
}

export const intersection = (a: Assignment, b: Assignment): Assignment =>
  keep(a, (id, partition) => has(b, id, partition));
export const difference = (a: Assignment, b: Assignment): Assignment =>
  keep(a, (id, partition) => !has(b, id, partition));

export function union(a: Assignment, b: Assignment): Assignment {
  if (b.size === 0) return a;
  if (a.size === 0) return b;
  return assignmentOf([...written(a), ...written(b)]);
}

export function isSubset(a: Assignment, b: Assignment): boolean {
  return difference(a, b).size === 0;
}

export function isEqual(a: Assignment, b: Assignment): boolean {
  return a === b || (count(a) === count(b) && isSubset(a, b));
}

export function count(assignment: Assignment): number {
  let total = 0;
  for (const partitions of assignment.values()) total += partitions.length;
  return total;
}

const ascending = (a: number, b: number): number => a - b;
