import { ErrorCode } from '../../protocol/errors.ts';
import { partitionNames, refuseSync } from './assignments.ts';
import type { ClassicGroup } from './classic-group.ts';
import type { ConsumerGroup } from './consumer/consumer-group.ts';
import { armTimers, endTimers, LiveGroup, partitionNamesOf } from './consumer/live-group.ts';
import { groupEvents } from './events.ts';
import { groupFromStored } from './group-metadata.ts';
import type { StoredGroup } from './group-state.ts';
import { refuseJoin } from './join-answers.ts';
import { prepareRebalance } from './rebalance.ts';
import type { GroupShard } from './shard.ts';

/** The log was read: its groups live here from now on. Everybody's session begins anew, so a failover alone throws nobody out. */
export function beginGroups(shard: GroupShard, leaderEpoch: number): void {
  for (const stored of shard.stored.groups.values()) {
    if (stored.consumer !== null) {
      beginConsumerGroup(shard, stored, stored.consumer);
      continue;
    }
    const group = groupFromStored(stored);
    shard.groups.set(group.groupId, group);
    tellLoaded(shard, group, stored);
  }
  shard.tell(groupEvents['group-coordinator-loaded'], [shard.partition, namesOf(shard), leaderEpoch]);
  for (const live of shard.consumers.values()) armTimers(shard, live);
  for (const group of shard.groups.values()) {
    for (const member of group.members.values()) shard.armSession(group, member);
    if (group.members.size > shard.settings.maxSize) prepareRebalance(shard, group, 'the group is too large');
  }
}

function namesOf({ groups, consumers }: GroupShard): readonly string[] {
  return [...groups.keys(), ...consumers.keys()];
}

function beginConsumerGroup(shard: GroupShard, stored: StoredGroup, consumer: ConsumerGroup): void {
  const live = new LiveGroup(consumer.copy());
  const { groupId, state, epoch, members } = live.group;
  shard.consumers.set(groupId, live);
  const names = [...members.keys()];
  shard.tell(groupEvents['group-loaded'], [groupId, shard.partition, state, epoch, null, null, names]);
  for (const { memberId, epoch: memberEpoch, assigned } of members.values()) {
    const values = [groupId, memberEpoch, memberId, partitionNamesOf(shard, assigned)];
    shard.tell(groupEvents['group-assignment-loaded'], values);
  }
  tellOffsets(shard, stored);
}

function tellLoaded(shard: GroupShard, group: ClassicGroup, stored: StoredGroup): void {
  const { groupId, state, generation, protocol, leader, members } = group;
  const names = [...members.keys()];
  shard.tell(groupEvents['group-loaded'], [groupId, shard.partition, state, generation, protocol, leader, names]);
  for (const { memberId, assignment } of members.values()) {
    const partitions = partitionNames(group.protocolType, assignment);
    shard.tell(groupEvents['group-assignment-loaded'], [groupId, generation, memberId, partitions]);
  }
  tellOffsets(shard, stored);
}

function tellOffsets(shard: GroupShard, { groupId, offsets }: StoredGroup): void {
  for (const [topic, partitions] of offsets) {
    for (const [partition, { value }] of partitions)
      shard.tell(groupEvents['group-offset-loaded'], [groupId, `${topic}-${partition}`, value.offset]);
  }
}

/** This broker coordinates the groups no longer: who waits must look for the new coordinator. */
export function endGroups(shard: GroupShard, leaderEpoch: number): void {
  shard.tell(groupEvents['group-coordinator-unloaded'], [shard.partition, leaderEpoch, namesOf(shard)]);
  for (const live of shard.consumers.values()) endTimers(shard, live);
  shard.consumers.clear();
  for (const group of shard.groups.values()) {
    for (const member of group.members.values()) {
      refuseJoin(shard, member, ErrorCode.NOT_COORDINATOR, '');
      refuseSync(shard, member, ErrorCode.NOT_COORDINATOR);
      shard.disarm(member.session);
    }
    for (const slot of group.pendingJoins.values()) shard.disarm(slot);
    shard.disarm(group.joinTimer);
    shard.disarm(group.syncTimer);
    // The group goes on elsewhere, so its end is not told; here nothing may touch it any more.
    group.state = 'Dead';
  }
  shard.groups.clear();
}
