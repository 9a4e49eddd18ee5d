/**
 * Every change of a partition is one PartitionChangeRecord, built here (PartitionChangeBuilder). The rules stand in the
 * order in which they are applied: a reassignment may be complete, replicas that leave the ISR may stay eligible (ELR),
 * then the leader is chosen, and whatever differs from before goes into the record.
 */
import type { PartitionState } from '../../index.ts';
import { NO_LEADER, NO_LEADER_CHANGE, type PartitionChangeRecord } from '../metadata/records.ts';

export interface ChangeRules {
  /** Whether this broker may lead now. */
  readonly isAcceptable: (brokerId: number) => boolean;
  readonly elrEnabled: boolean;
  /** Effective, not above the number of replicas. */
  readonly minIsr: number;
}

export interface PartitionChange {
  readonly election: 'online' | 'unclean' | 'preferred';
  readonly isr?: readonly number[];
  readonly replicas?: readonly number[];
  readonly adding?: readonly number[];
  readonly removing?: readonly number[];
  readonly recovering?: boolean;
  /** They stopped without flushing: out of the ELR too. */
  readonly uncleanShutdown?: readonly number[];
}

interface Target {
  isr: readonly number[];
  elr: readonly number[];
  replicas: readonly number[];
  adding: readonly number[];
  removing: readonly number[];
  recovering: boolean;
  leader: number;
  lastKnownElr: readonly number[];
}

/** Null if nothing changes. */
export function buildPartitionChange(
  partition: PartitionState,
  change: PartitionChange,
  rules: ChangeRules,
): PartitionChangeRecord | null {
  const lost = change.uncleanShutdown ?? [];
  const target: Target = {
    isr: (change.isr ?? partition.isr).filter((id) => !lost.includes(id)),
    elr: partition.elr,
    replicas: change.replicas ?? partition.replicas,
    adding: change.adding ?? partition.addingReplicas,
    removing: change.removing ?? partition.removingReplicas,
    recovering: change.recovering ?? partition.recovering,
    leader: NO_LEADER_CHANGE,
    lastKnownElr: partition.lastKnownElr,
  };
  completeReassignment(target);
  chooseElr(partition, target, lost, rules);
  elect(partition, target, change.election, rules);
  const leaves = partition.replicas.some((id) => !target.replicas.includes(id));
  if (leaves && target.leader === NO_LEADER_CHANGE) target.leader = partition.leader;
  rememberLastLeader(partition, target, rules);
  return difference(partition, target, rules);
}

/** It is complete when every replica that is to stay is in sync. */
function completeReassignment(target: Target): void {
  const { adding, removing } = target;
  if (adding.length === 0 && removing.length === 0) return;
  const replicas = target.replicas.filter((id) => !removing.includes(id));
  const isr = target.isr.filter((id) => !removing.includes(id));
  if (isr.length === 0 || replicas.length === 0 || !replicas.every((id) => isr.includes(id))) return;
  target.replicas = replicas;
  target.isr = isr;
  target.adding = [];
  target.removing = [];
}

/** While the ISR is below its minimum nothing new commits, so whoever leaves it now still has all that is committed (KIP-966). */
function chooseElr(partition: PartitionState, target: Target, lost: readonly number[], rules: ChangeRules): void {
  if (!rules.elrEnabled || target.isr.length >= rules.minIsr) {
    target.elr = [];
    return;
  }
  const candidates = [...partition.elr, ...partition.isr.filter((id) => !partition.elr.includes(id))];
  target.elr = candidates.filter(
    (id) => !target.isr.includes(id) && !lost.includes(id) && target.replicas.includes(id),
  );
}

function elect(
  partition: PartitionState,
  target: Target,
  election: PartitionChange['election'],
  rules: ChangeRules,
): void {
  const { leader, unclean } = choose(partition, target, election, rules);
  if (leader === partition.leader) return;
  target.leader = leader;
  if (target.elr.includes(leader)) {
    target.isr = [leader];
    target.elr = target.elr.filter((id) => id !== leader);
  }
  if (!unclean) return;
  target.isr = [leader];
  target.elr = [];
  target.recovering = true;
}

function choose(
  partition: PartitionState,
  target: Target,
  election: PartitionChange['election'],
  rules: ChangeRules,
): { leader: number; unclean: boolean } {
  const isValid = (id: number) =>
    rules.isAcceptable(id) && (target.isr.includes(id) || (target.isr.length === 0 && target.elr.includes(id)));
  const clean = (leader: number) => ({ leader, unclean: false });
  const preferred = target.replicas[0]!;
  if (election === 'preferred' && isValid(preferred)) return clean(preferred);
  if (partition.leader !== NO_LEADER && isValid(partition.leader)) return clean(partition.leader);
  const inOrder = target.replicas.find(isValid);
  if (inOrder !== undefined) return clean(inOrder);
  const [lastLeader] = partition.lastKnownElr;
  const nobodyElse = rules.elrEnabled && target.isr.length === 0 && target.elr.length === 0;
  if (nobodyElse && lastLeader !== undefined && partition.lastKnownElr.length === 1 && rules.isAcceptable(lastLeader)) {
    return { leader: lastLeader, unclean: true };
  }
  const anybody = election === 'unclean' ? target.replicas.find(rules.isAcceptable) : undefined;
  return anybody === undefined ? clean(NO_LEADER) : { leader: anybody, unclean: true };
}

function rememberLastLeader(partition: PartitionState, target: Target, rules: ChangeRules): void {
  if (!rules.elrEnabled) return;
  if (target.leader === NO_LEADER && partition.leader !== NO_LEADER && partition.lastKnownElr.length === 0) {
    target.lastKnownElr = [partition.leader];
  } else if (target.leader >= 0) {
    target.lastKnownElr = [];
  }
}

/** Without ELR the last member of an ISR stays listed, though it cannot lead. */
function difference(partition: PartitionState, target: Target, rules: ChangeRules): PartitionChangeRecord | null {
  const mayWriteIsr = target.isr.length > 0 || rules.elrEnabled;
  const isr = mayWriteIsr && !equal(target.isr, partition.isr) ? target.isr : null;
  const elr = equal(target.elr, partition.elr) ? null : target.elr;
  const lastKnownElr = equal(target.lastKnownElr, partition.lastKnownElr) ? null : target.lastKnownElr;
  const replicas = equal(target.replicas, partition.replicas) ? null : target.replicas;
  const addingReplicas = equal(target.adding, partition.addingReplicas) ? null : target.adding;
  const removingReplicas = equal(target.removing, partition.removingReplicas) ? null : target.removing;
  const leaderRecoveryState = target.recovering === partition.recovering ? -1 : target.recovering ? 1 : 0;
  const nothing =
    isr === null &&
    elr === null &&
    lastKnownElr === null &&
    replicas === null &&
    addingReplicas === null &&
    removingReplicas === null &&
    leaderRecoveryState === -1 &&
    target.leader === NO_LEADER_CHANGE;
  if (nothing) return null;
  return {
    kind: 'partition-change',
    partitionId: partition.partition,
    topicId: partition.topicId,
    isr,
    leader: target.leader,
    replicas,
    removingReplicas,
    addingReplicas,
    leaderRecoveryState,
    eligibleLeaderReplicas: elr,
    lastKnownElr,
  };
}

function equal(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((id, i) => id === b[i]);
}
