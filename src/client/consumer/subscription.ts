import type { JoinGroupResponseMember } from '../../protocol/apis/11-join-group.ts';
import { Reader } from '../../protocol/reader.ts';
import {
  type ConsumerProtocolAssignment,
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
} from '../../protocol/records/consumer-protocol.ts';
import { Writer } from '../../protocol/writer.ts';
import { type Assignor, compareTexts, type GroupMember, type TopicPartition } from './assignors/assignor.ts';

/** What a member tells its leader when it joins, in the bytes of the consumer protocol. */
export interface Subscription {
  readonly topics: readonly string[];
  readonly owned: readonly TopicPartition[];
  readonly generation: number;
}

export function subscriptionBytes(assignor: Assignor, { topics, owned, generation }: Subscription): Uint8Array {
  return encodeSubscription({
    topics: [...topics].sort(compareTexts),
    userData: assignor.remembers ? userData(assignor, owned, generation) : null,
    ownedPartitions: byTopic(owned),
    generationId: generation,
    rackId: null,
  });
}

/** The cooperative assignor writes its generation, the sticky one what it owned and when. */
function userData(assignor: Assignor, owned: readonly TopicPartition[], generation: number): Uint8Array {
  const writer = new Writer(64);
  if (!assignor.cooperative) {
    const topics = byTopic(owned);
    writer.int32(topics.length);
    for (const { topic, partitions } of topics) {
      const text = new TextEncoder().encode(topic);
      writer.int16(text.length);
      writer.raw(text);
      writer.int32(partitions.length);
      for (const partition of partitions) writer.int32(partition);
    }
  }
  writer.int32(generation);
  return writer.written();
}

/** A member of the group as the leader reads it from what the coordinator hands over. */
export function groupMember({ memberId, groupInstanceId, metadata }: JoinGroupResponseMember): GroupMember {
  const { topics, ownedPartitions, generationId, userData } = decodeSubscription(metadata);
  const owned = ownedPartitions.flatMap(({ topic, partitions }) =>
    partitions.map((partition) => ({ topic, partition })),
  );
  const generation = generationId >= 0 ? generationId : generationIn(userData);
  return { memberId, instanceId: groupInstanceId, topics, owned, generation };
}

/** Members before KIP-792 have their generation at the end of the user data alone. */
function generationIn(userData: Uint8Array | null): number {
  return userData === null || userData.length < 4 ? -1 : new Reader(userData, userData.length - 4).int32();
}

export function assignmentBytes(partitions: readonly TopicPartition[]): Uint8Array {
  return encodeAssignment({ assignedPartitions: byTopic(partitions), userData: null });
}

/** No bytes: nothing is assigned. */
export function readAssignment(bytes: Uint8Array): readonly TopicPartition[] {
  if (bytes.length === 0) return [];
  const { assignedPartitions }: ConsumerProtocolAssignment = decodeAssignment(bytes);
  return assignedPartitions.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })));
}

function byTopic(partitions: readonly TopicPartition[]): { topic: string; partitions: number[] }[] {
  const topics: { topic: string; partitions: number[] }[] = [];
  for (const { topic, partition } of partitions) {
    let entry = topics.find((known) => known.topic === topic);
    if (entry === undefined) {
      entry = { topic, partitions: [] };
      topics.push(entry);
    }
    entry.partitions.push(partition);
  }
  return topics;
}
