import {
  comparePartitions,
  compareTexts,
  type GroupAssignment,
  type GroupMember,
  keyOf,
  nothingFor,
  type PartitionCounts,
  partitionsOf,
  type TopicPartition,
  wantedTopics,
} from './assignor.ts';

type Claims = ReadonlyMap<string, readonly TopicPartition[]>;

/** Members want different topics: what is free goes to the least loaded, then partitions move while that balances (generalAssign). */
export function assignUnequal(
  members: readonly GroupMember[],
  owned: Claims,
  counts: PartitionCounts,
): GroupAssignment {
  const assignment = nothingFor(members);
  const ownerOf = new Map<string, string>();
  for (const { memberId } of members) {
    for (const partition of owned.get(memberId)!) {
      assignment.get(memberId)!.push(partition);
      ownerOf.set(keyOf(partition), memberId);
    }
  }
  const all = partitionsOf(wantedTopics(members, counts), counts);
  const candidates = new Map<string, readonly string[]>();
  for (const { topic } of all) {
    if (!candidates.has(topic)) {
      const interested = members.filter(({ topics }) => topics.includes(topic));
      candidates.set(topic, interested.map(({ memberId }) => memberId).sort(compareTexts));
    }
  }
  const free = all.filter((partition) => !ownerOf.has(keyOf(partition)));
  free.sort((a, b) => candidates.get(a.topic)!.length - candidates.get(b.topic)!.length || comparePartitions(a, b));
  for (const partition of free)
    assignment.get(leastLoaded(candidates.get(partition.topic)!, assignment))!.push(partition);
  const before = copyOf(assignment);
  if (!balance(all, candidates, assignment, ownerOf)) return assignment;
  return score(assignment) < score(before) ? assignment : before;
}

function leastLoaded(ids: readonly string[], assignment: GroupAssignment): string {
  let least = ids[0]!;
  for (const id of ids) if (assignment.get(id)!.length < assignment.get(least)!.length) least = id;
  return least;
}

/** Moves partitions whose holder has two or more above another who could have them. Whether anything moved. */
function balance(
  all: readonly TopicPartition[],
  candidates: ReadonlyMap<string, readonly string[]>,
  assignment: GroupAssignment,
  previousOwner: ReadonlyMap<string, string>,
): boolean {
  let movedAny = false;
  for (let moved = true; moved; ) {
    moved = false;
    for (const partition of all) {
      const ids = candidates.get(partition.topic)!;
      const holder = ids.find((id) => assignment.get(id)!.some((held) => keyOf(held) === keyOf(partition)))!;
      const target = targetOf(partition, holder, ids, assignment, previousOwner);
      if (target === undefined) continue;
      const held = assignment.get(holder)!;
      const at = held.findIndex((other) => keyOf(other) === keyOf(partition));
      assignment.get(target)!.push(...held.splice(at, 1));
      moved = true;
      movedAny = true;
    }
  }
  return movedAny;
}

/** Who should have the partition instead; its previous owner before others. */
function targetOf(
  partition: TopicPartition,
  holder: string,
  ids: readonly string[],
  assignment: GroupAssignment,
  previousOwner: ReadonlyMap<string, string>,
): string | undefined {
  const load = (id: string): number => assignment.get(id)!.length;
  const previous = previousOwner.get(keyOf(partition));
  if (previous !== undefined && previous !== holder && load(holder) > load(previous) + 1) return previous;
  const least = leastLoaded(ids, assignment);
  return load(holder) > load(least) + 1 ? least : undefined;
}

/** Sum of the differences between every two members: 0 is perfect. */
function score(assignment: GroupAssignment): number {
  const sizes = [...assignment.values()].map(({ length }) => length);
  let sum = 0;
  for (let i = 0; i < sizes.length; i++)
    for (let j = i + 1; j < sizes.length; j++) sum += Math.abs(sizes[i]! - sizes[j]!);
  return sum;
}

function copyOf(assignment: GroupAssignment): GroupAssignment {
  return new Map([...assignment].map(([id, partitions]) => [id, [...partitions]]));
}
