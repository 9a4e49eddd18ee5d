import { JoinGroup } from '../../protocol/apis/11-join-group.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { refuseSync } from './assignments.ts';
import type { ClassicGroup, Member } from './classic-group.ts';
import { groupEvents } from './events.ts';
import { groupMetadataRecord } from './group-metadata.ts';
import { answerJoin, joinAnswer, joinRefusal, refuseJoin } from './join-answers.ts';
import { selectProtocol } from './protocol-choice.ts';
import { maybeCompleteJoin, rebalanceOrComplete } from './rebalance.ts';
import type { GroupShard } from './shard.ts';
import { writeErrorForClient } from './write-errors.ts';

/** From this version a leader can be told that it is one and yet not to assign (KIP-814). */
const FIRST_WITH_SKIPPED_ASSIGNMENT = 9;

/**
 * A static member was restarted: its instance is known, its member id is new. The newcomer takes the place of the old one, who
 * is fenced if it still lives. A stable group stays as it is, unless the newcomer's protocols change the common choice (KIP-345).
 */
export function rejoinStatic(shard: GroupShard, group: ClassicGroup, old: Member, newcomer: Member): void {
  const previousLeader = group.leader ?? '';
  newcomer.assignment = old.assignment;
  newcomer.isNew = false;
  replace(shard, group, old, newcomer);
  shard.armSession(group, newcomer);
  switch (group.state) {
    case 'Stable':
      if (selectProtocol(group) === group.protocol) storeReplacement(shard, group, { old, newcomer, previousLeader });
      else rebalanceOrComplete(shard, group, `${newcomer.memberId} came back with other protocols`);
      break;
    case 'CompletingRebalance':
      // The leader is assigning to the old id.
      rebalanceOrComplete(shard, group, `${newcomer.memberId} came back while the leader assigned`);
      break;
    default:
      maybeCompleteJoin(shard, group);
  }
}

function replace(shard: GroupShard, group: ClassicGroup, old: Member, newcomer: Member): void {
  refuseJoin(shard, old, ErrorCode.FENCED_INSTANCE_ID, old.memberId);
  refuseSync(shard, old, ErrorCode.FENCED_INSTANCE_ID);
  shard.disarm(old.session);
  group.rename(old, newcomer);
  const { groupId } = group;
  shard.tell(groupEvents['group-member-left'], [groupId, old.memberId, 'fenced']);
  const { memberId, clientId, instanceId } = newcomer;
  shard.tell(groupEvents['group-member-joined'], [groupId, memberId, clientId, instanceId]);
}

interface Replacement {
  readonly old: Member;
  readonly newcomer: Member;
  readonly previousLeader: string;
}

function storeReplacement(shard: GroupShard, group: ClassicGroup, replacement: Replacement): void {
  shard.write([groupMetadataRecord(group)], (error) => {
    if (group.members.get(replacement.newcomer.memberId) !== replacement.newcomer) return;
    if (error === ErrorCode.NONE) answerReplacement(shard, group, replacement);
    else revert(shard, group, replacement, writeErrorForClient(error));
  });
}

/**
 * Before version 9 a restarted leader is told the old leader's id, and so takes itself for a follower: it must not assign, since
 * nobody would hear of it.
 */
function answerReplacement(shard: GroupShard, group: ClassicGroup, { newcomer, previousLeader }: Replacement): void {
  if (newcomer.join === null) return;
  const answer = joinAnswer(group, newcomer);
  const skipAssignment = group.isLeader(newcomer.memberId);
  const body =
    newcomer.join.version >= FIRST_WITH_SKIPPED_ASSIGNMENT
      ? { ...answer, skipAssignment }
      : JoinGroup.response.make({ ...answer, leader: previousLeader, members: [] });
  answerJoin(shard, newcomer, body);
}

/** The log does not know the newcomer: the old one is the member still, as far as anybody can tell. */
function revert(shard: GroupShard, group: ClassicGroup, { old, newcomer }: Replacement, error: number): void {
  if (newcomer.join !== null) answerJoin(shard, newcomer, joinRefusal(newcomer.join.version, error, ''));
  shard.disarm(newcomer.session);
  group.rename(newcomer, old);
  shard.tell(groupEvents['group-member-left'], [group.groupId, newcomer.memberId, 'could not be stored']);
  shard.tell(groupEvents['group-member-joined'], [group.groupId, old.memberId, old.clientId, old.instanceId]);
  shard.armSession(group, old);
}
