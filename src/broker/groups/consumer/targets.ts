/** From what members want to what they should own: the topics of the group, and the assignor that shares them out. */

import { groupEvents } from '../events.ts';
import type { TopicLookup } from '../topic-lookup.ts';
import { isEqual, NOTHING, written } from './assignment.ts';
import { inOrder, type Subscriber } from './assignors/assignor.ts';
import { ASSIGNORS } from './assignors/index.ts';
import type { ConsumerGroup, ConsumerMember } from './consumer-group.ts';
import type { Step } from './live-group.ts';
import { type HashedTopic, hashOfTopics } from './metadata-hash.ts';

/** Names of all topics that somebody reads and that exist, in order. */
export function topicsOfGroup(group: ConsumerGroup, lookup: TopicLookup): readonly string[] {
  const names = new Set<string>();
  for (const member of group.members.values())
    for (const name of group.topicsOf(member)) if (lookup.partitionsOf(name) > 0) names.add(name);
  return [...names].sort();
}

/** Those topics, with what of them decides who gets what. */
export function hashedTopics(group: ConsumerGroup, lookup: TopicLookup): readonly HashedTopic[] {
  return topicsOfGroup(group, lookup).map((topicName) => ({
    topicName,
    topicId: lookup.idOf(topicName)!,
    numPartitions: lookup.partitionsOf(topicName),
  }));
}

export const metadataHash = (group: ConsumerGroup, lookup: TopicLookup): number =>
  hashOfTopics(hashedTopics(group, lookup));

/** Which assignor the group uses: the one that most members ask for, or else the first that is configured. */
export function assignorOf(group: ConsumerGroup, configured: readonly string[]): string {
  const votes = new Map<string, number>();
  for (const { serverAssignor } of group.members.values())
    if (serverAssignor !== null) votes.set(serverAssignor, (votes.get(serverAssignor) ?? 0) + 1);
  let winner = configured[0]!;
  let most = 0;
  for (const [name, count] of votes) {
    if (count <= most) continue;
    winner = name;
    most = count;
  }
  return winner;
}

function subscriberOf(group: ConsumerGroup, member: ConsumerMember, lookup: TopicLookup): Subscriber {
  const names = [...group.topicsOf(member)].sort();
  const topicIds = names.filter((name) => lookup.partitionsOf(name) > 0).map((name) => lookup.idOf(name)!);
  return { memberId: member.memberId, instanceId: member.instanceId, topicIds, target: member.target };
}

/** Computes the target of the group's epoch, and writes what changed of it. */
export function assign(step: Step, lookup: TopicLookup): void {
  const { shard, group } = step;
  const { groupId, epoch } = group;
  const name = assignorOf(group, shard.settings.consumerAssignors);
  const members = inOrder([...group.members.values()].map((member) => subscriberOf(group, member, lookup)));
  const partitionsOf = (topicId: string): number => lookup.partitionsOf(lookup.nameOf(topicId) ?? '');
  const targets = ASSIGNORS.get(name)!({ members, partitionsOf });
  for (const { memberId, target } of [...group.members.values()]) {
    const wanted = targets.get(memberId) ?? NOTHING;
    if (isEqual(wanted, target)) continue;
    const value = { topicPartitions: written(wanted) };
    step.put({ kind: 'consumer-target', group: groupId, member: memberId, value });
  }
  step.put({ kind: 'consumer-target-epoch', group: groupId, value: { assignmentEpoch: epoch } });
  shard.tell(groupEvents['group-target-assigned'], [groupId, epoch, name]);
}
