/** What a publication means for one broker: which logs it deletes, leads, follows (TopicsDelta.localChanges). */
import { resourceOf } from '../../config-resources.ts';
import type { MetadataDelta, PartitionState } from '../../index.ts';
import type { KraftImage } from './image.ts';
import type { Touched } from './touched.ts';

interface Changes {
  readonly deleted: { name: string; topic: string; partition: number; topicId: string }[];
  readonly leaders: PartitionState[];
  readonly followers: PartitionState[];
  readonly stopped: { name: string; leaderEpoch: number }[];
  readonly topics: Set<string>;
}

export function deltaBetween(before: KraftImage, image: KraftImage, touched: Touched, brokerId: number): MetadataDelta {
  const changes: Changes = { deleted: [], leaders: [], followers: [], stopped: [], topics: new Set() };
  for (const topicId of touched.removedTopics) {
    const topic = before.topicById(topicId);
    if (topic === undefined) continue;
    changes.topics.add(topic.name);
    for (const state of topic.partitions)
      if (state.replicas.includes(brokerId)) changes.deleted.push(identityOf(state));
  }
  for (const [topicId, partitions] of touched.partitions) {
    const topic = image.topicById(topicId);
    if (topic === undefined) continue;
    changes.topics.add(topic.name);
    const old = before.topicById(topicId);
    for (const partition of partitions) {
      const state = topic.partitions[partition];
      if (state !== undefined) sortOut(old?.partitions[partition], state, image, brokerId, changes);
    }
  }
  return {
    image,
    deleted: changes.deleted,
    leaders: changes.leaders,
    followers: changes.followers,
    stopped: changes.stopped,
    changedTopics: [...changes.topics],
    changedConfigs: [...touched.configs].map(resourceOf),
  };
}

const identityOf = ({ name, topic, partition, topicId }: PartitionState) => ({ name, topic, partition, topicId });

function sortOut(
  old: PartitionState | undefined,
  state: PartitionState,
  image: KraftImage,
  brokerId: number,
  changes: Changes,
): void {
  if (!state.replicas.includes(brokerId)) {
    if (old?.replicas.includes(brokerId)) changes.deleted.push(identityOf(state));
    return;
  }
  if (old !== undefined && old.partitionEpoch === state.partitionEpoch) return;
  if (state.leader === brokerId) {
    changes.leaders.push(state);
    return;
  }
  changes.followers.push(state);
  const leaving = image.brokers.get(brokerId)?.inControlledShutdown === true;
  if (leaving && (state.leader < 0 || !state.isr.includes(brokerId))) {
    changes.stopped.push({ name: state.name, leaderEpoch: state.leaderEpoch });
  }
}
