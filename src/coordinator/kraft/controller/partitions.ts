/** Partition changes that follow from what happens to a broker (ReplicationControlManager). */
import type { PartitionState } from '../../index.ts';
import type { PartitionChangeRecord } from '../metadata/records.ts';
import { buildPartitionChange, type ChangeRules, type PartitionChange } from './partition-change.ts';
import { type ControllerState, elrEnabled, isActive, minInsyncReplicas, uncleanElectionEnabled } from './state.ts';

/** Who may lead, with one broker counted as gone or as there already. */
export interface Assumption {
  readonly gone?: number;
  readonly there?: number;
}

export function rulesFor(state: ControllerState, partition: PartitionState, assumption: Assumption = {}): ChangeRules {
  return {
    isAcceptable: (id) => id === assumption.there || (id !== assumption.gone && isActive(state, id)),
    elrEnabled: elrEnabled(state),
    minIsr: minInsyncReplicas(state, partition),
  };
}

/** Automatic changes may elect uncleanly where the topic allows it. */
export function automaticElection(state: ControllerState, topic: string): 'online' | 'unclean' {
  return uncleanElectionEnabled(state, topic) ? 'unclean' : 'online';
}

/** Takes a broker out of every ISR (and, after an unclean stop, out of every ELR), and elects other leaders. */
export function removeFromIsrs(
  state: ControllerState,
  brokerId: number,
  unclean: 'clean' | 'unclean',
): PartitionChangeRecord[] {
  const uncleanShutdown = unclean === 'unclean' && elrEnabled(state) ? [brokerId] : [];
  return changeEach(
    state,
    (partition) => {
      const concerned =
        partition.isr.includes(brokerId) || (uncleanShutdown.length > 0 && partition.elr.includes(brokerId));
      if (!concerned) return null;
      const isr = partition.isr.filter((id) => id !== brokerId);
      return { isr, election: automaticElection(state, partition.topic), uncleanShutdown };
    },
    { gone: brokerId },
  );
}

/** A broker is back: partitions without a leader may have one again. It does not rejoin ISRs by that. */
export function electWith(state: ControllerState, brokerId: number): PartitionChangeRecord[] {
  return changeEach(
    state,
    (partition) => (partition.leader >= 0 ? null : { election: automaticElection(state, partition.topic) }),
    { there: brokerId },
  );
}

export function leadsAny(state: ControllerState, brokerId: number): boolean {
  for (const { partitions } of state.metadata.topics.values()) {
    for (const partition of partitions) if (partition.leader === brokerId) return true;
  }
  return false;
}

/** The records of one kind of change over all partitions, at most `limit` of them. */
export function changeEach(
  state: ControllerState,
  changeOf: (partition: PartitionState) => PartitionChange | null,
  assumption: Assumption,
  limit = Number.MAX_SAFE_INTEGER,
): PartitionChangeRecord[] {
  const records: PartitionChangeRecord[] = [];
  for (const { partitions } of state.metadata.topics.values()) {
    for (const partition of partitions) {
      const change = changeOf(partition);
      const record = change && buildPartitionChange(partition, change, rulesFor(state, partition, assumption));
      if (record === null) continue;
      records.push(record);
      if (records.length === limit) return records;
    }
  }
  return records;
}
