/** A partition, as assignors speak of it. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** A member of a classic group, as its leader sees it. */
export interface GroupMember {
  readonly memberId: string;
  readonly instanceId: string | null;
  readonly topics: readonly string[];
  /** What it says it owns, and in which generation it got that. */
  readonly owned: readonly TopicPartition[];
  readonly generation: number;
}

/** Partition counts of all topics that exist and somebody subscribed to. */
export type PartitionCounts = ReadonlyMap<string, number>;

/** What each member gets, by member id; in the order of the members. */
export type GroupAssignment = Map<string, TopicPartition[]>;

export interface Assignor {
  /** As groups know it. */
  readonly name: string;
  /** Whether a member may keep what it owns while the group rebalances. */
  readonly cooperative: boolean;
  /** Whether members tell it what they own, and when they got it. */
  readonly remembers: boolean;
  assign(members: readonly GroupMember[], counts: PartitionCounts): GroupAssignment;
}

/** Static members by instance id, then dynamic ones by member id (AbstractPartitionAssignor.MemberInfo). */
export function ordered(members: readonly GroupMember[]): readonly GroupMember[] {
  return [...members].sort((a, b) => {
    if (a.instanceId !== null && b.instanceId !== null) return compareTexts(a.instanceId, b.instanceId);
    if (a.instanceId !== null) return -1;
    if (b.instanceId !== null) return 1;
    return compareTexts(a.memberId, b.memberId);
  });
}

export function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

export function comparePartitions(a: TopicPartition, b: TopicPartition): number {
  return compareTexts(a.topic, b.topic) || a.partition - b.partition;
}

export function nothingFor(members: readonly GroupMember[]): GroupAssignment {
  return new Map(members.map(({ memberId }) => [memberId, []]));
}

/** Topics that anybody wants and that exist, in order. */
export function wantedTopics(members: readonly GroupMember[], counts: PartitionCounts): readonly string[] {
  const wanted = new Set<string>();
  for (const { topics } of members) for (const topic of topics) if (counts.has(topic)) wanted.add(topic);
  return [...wanted].sort(compareTexts);
}

export function partitionsOf(topics: readonly string[], counts: PartitionCounts): TopicPartition[] {
  return topics.flatMap((topic) =>
    Array.from({ length: counts.get(topic) ?? 0 }, (_, partition) => ({ topic, partition })),
  );
}

/** A text that tells partitions apart, for sets. */
export function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`;
}
