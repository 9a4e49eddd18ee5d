/**
 * Every broker and every controller applies the same records, and comes to the same states of partitions. They are values, so one
 * object serves all, as one newspaper serves a house: with ten thousand partitions, copies would be most of the memory. What
 * was latest seen is remembered by its hash, one to a slot; what has lost its slot is merely not shared.
 */
import type { PartitionState } from '../../index.ts';

const STATE_SLOTS = 1 << 14;
const ID_SLOTS = 1 << 10;
const states: (PartitionState | undefined)[] = [];
const idLists: (readonly number[] | undefined)[] = [];

/** This list, or an equal one. */
export function sharedIds(ids: readonly number[]): readonly number[] {
  let hash = ids.length;
  for (let i = 0; i < ids.length; i++) hash = (Math.imul(hash, 31) + ids[i]!) | 0;
  const slot = hash & (ID_SLOTS - 1);
  const known = idLists[slot];
  if (known !== undefined && sameIds(known, ids)) return known;
  idLists[slot] = ids;
  return ids;
}

/** This state, or an equal one. */
export function sharedState(state: PartitionState): PartitionState {
  const { topicId } = state;
  const topic = Math.imul(topicId.charCodeAt(0), 8_191) + Math.imul(topicId.charCodeAt(1), 131) + topicId.charCodeAt(2);
  const slot = (state.partition + topic) & (STATE_SLOTS - 1);
  const known = states[slot];
  if (known !== undefined && sameState(known, state)) return known;
  states[slot] = state;
  return state;
}

function sameState(a: PartitionState, b: PartitionState): boolean {
  return (
    a.partition === b.partition &&
    a.leader === b.leader &&
    a.leaderEpoch === b.leaderEpoch &&
    a.partitionEpoch === b.partitionEpoch &&
    a.recovering === b.recovering &&
    a.topicId === b.topicId &&
    a.name === b.name &&
    sameIds(a.isr, b.isr) &&
    sameIds(a.replicas, b.replicas) &&
    sameIds(a.addingReplicas, b.addingReplicas) &&
    sameIds(a.removingReplicas, b.removingReplicas) &&
    sameIds(a.elr, b.elr) &&
    sameIds(a.lastKnownElr, b.lastKnownElr)
  );
}

function sameIds(a: readonly number[], b: readonly number[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
