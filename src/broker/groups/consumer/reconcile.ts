import { type Assignment, difference, intersection, keep, NOTHING, union } from './assignment.ts';
import { type ConsumerMember, MEMBER_STATE } from './consumer-group.ts';

/** What the group looks like to a member that is brought nearer to its target. */
export interface Surroundings {
  readonly assignmentEpoch: number;
  /** What the member says that it holds; null: it did not say. */
  readonly owned: Assignment | null;
  readonly ownerOf: (topicId: string, partition: number) => string | undefined;
}

/** Of a member: what one step of its reconciliation changes. */
export type Reconciled = Pick<ConsumerMember, 'epoch' | 'previousEpoch' | 'state' | 'assigned' | 'pending'>;

/**
 * Brings one member a step nearer to its target, like somebody who moves house: first what must go is given back, and only when
 * the member says that it did does it get the new epoch, with as much of the new as nobody else still holds. Returns the
 * member's own fields where nothing is to be done. Kafka's `CurrentAssignmentBuilder`.
 */
export function reconcile(member: ConsumerMember, around: Surroundings): Reconciled {
  const { state, epoch, pending } = member;
  const { owned, assignmentEpoch } = around;
  if (state === MEMBER_STATE.stable && epoch === assignmentEpoch) return member;
  if (state === MEMBER_STATE.unrevoked && (owned === null || intersection(owned, pending).size > 0)) return member;
  return advance(member, around);
}

function advance(member: ConsumerMember, { assignmentEpoch, owned, ownerOf }: Surroundings): Reconciled {
  const { memberId, assigned, target } = member;
  const kept = intersection(assigned, target);
  const revoked = difference(assigned, target);
  if (revoked.size > 0 && (owned === null || intersection(owned, revoked).size > 0)) {
    const { epoch, previousEpoch } = member;
    return { epoch, previousEpoch, state: MEMBER_STATE.unrevoked, assigned: kept, pending: revoked };
  }
  const wanted = difference(target, assigned);
  const isFree = (topicId: string, partition: number): boolean => {
    const owner = ownerOf(topicId, partition);
    return owner === undefined || owner === memberId;
  };
  const added = keep(wanted, isFree);
  const waitsForOthers = difference(wanted, added).size > 0;
  return {
    epoch: assignmentEpoch,
    previousEpoch: member.epoch === assignmentEpoch ? member.previousEpoch : member.epoch,
    state: waitsForOthers ? MEMBER_STATE.unreleased : MEMBER_STATE.stable,
    assigned: union(kept, added),
    pending: NOTHING,
  };
}
