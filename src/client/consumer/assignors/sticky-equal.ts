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

/** Everybody wants the same topics: everybody gets the same number, or one more (constrainedAssign). */
export function assignEqual(members: readonly GroupMember[], owned: Claims, counts: PartitionCounts): GroupAssignment {
  const assignment = nothingFor(members);
  const all = partitionsOf(wantedTopics(members, counts), counts);
  const least = Math.floor(all.length / members.length);
  const extra = all.length % members.length;
  const most = extra === 0 ? least : least + 1;
  const kept = keepOwned(members, owned, assignment, { least, most, extra });
  const free = all.filter((partition) => !kept.has(keyOf(partition))).sort(comparePartitions);
  const ids = members.map(({ memberId }) => memberId).sort(compareTexts);
  deal(free, ids, assignment, least);
  deal(free, ids, assignment, most);
  return assignment;
}

interface Quota {
  readonly least: number;
  readonly most: number;
  /** How many members may have the most. */
  readonly extra: number;
}

/** Members keep what they own, up to their quota. Returns what was kept. */
function keepOwned(
  members: readonly GroupMember[],
  owned: Claims,
  assignment: GroupAssignment,
  { least, most, extra }: Quota,
): ReadonlySet<string> {
  const kept = new Set<string>();
  let withMost = 0;
  for (const { memberId } of members) {
    const claims = [...owned.get(memberId)!].sort(
      (a, b) => a.partition - b.partition || compareTexts(a.topic, b.topic),
    );
    let quota = least;
    if (claims.length >= most && extra > 0 && withMost < extra) {
      quota = most;
      withMost += 1;
    }
    for (const partition of claims.slice(0, quota)) {
      assignment.get(memberId)!.push(partition);
      kept.add(keyOf(partition));
    }
  }
  return kept;
}

/** In turn to those that have fewer than `quota`, as long as any is free. */
function deal(free: TopicPartition[], ids: readonly string[], assignment: GroupAssignment, quota: number): void {
  for (;;) {
    const hungry = ids.filter((id) => assignment.get(id)!.length < quota);
    if (hungry.length === 0 || free.length === 0) return;
    for (const id of hungry) {
      const next = free.shift();
      if (next === undefined) return;
      assignment.get(id)!.push(next);
    }
  }
}
