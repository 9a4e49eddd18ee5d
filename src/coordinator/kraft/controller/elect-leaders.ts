/** ElectLeaders (43), and the sweeps that elect without being asked. */
import {
  ElectLeaders,
  type ElectLeadersRequest,
  type ElectLeadersResponse,
} from '../../../protocol/apis/43-elect-leaders.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import type { PartitionState } from '../../index.ts';
import type { PartitionChangeRecord } from '../metadata/records.ts';
import { buildPartitionChange } from './partition-change.ts';
import { changeEach, rulesFor } from './partitions.ts';
import { type ControllerState, type Decision, uncleanElectionEnabled } from './state.ts';

const PREFERRED = 0;
const UNCLEAN = 1;

/** How many leaders one sweep moves. */
export const MAX_ELECTIONS_PER_SWEEP = 1000;

export function decideElectLeaders(
  state: ControllerState,
  request: ElectLeadersRequest,
): Decision<ElectLeadersResponse> {
  const { electionType, topicPartitions } = request;
  if (electionType !== PREFERRED && electionType !== UNCLEAN) {
    const response = ElectLeaders.response.make({ errorCode: ErrorCode.INVALID_REQUEST });
    return { records: [], reason: '', response };
  }
  const records: PartitionChangeRecord[] = [];
  const results: {
    topic: string;
    partitionResult: { partitionId: number; errorCode: number; errorMessage: null }[];
  }[] = [];
  for (const { topic, partitions } of topicPartitions ?? everything(state)) {
    const partitionResult: { partitionId: number; errorCode: number; errorMessage: null }[] = [];
    for (const partitionId of partitions) {
      const partition = state.metadata.topics.get(topic)?.partitions[partitionId];
      const outcome = electOne(state, partition, electionType);
      if (typeof outcome !== 'number') records.push(outcome);
      // Whoever asks for all partitions wants to hear of those that took part only.
      if (topicPartitions === null && outcome === ErrorCode.ELECTION_NOT_NEEDED) continue;
      const errorCode = typeof outcome === 'number' ? outcome : ErrorCode.NONE;
      partitionResult.push({ partitionId, errorCode, errorMessage: null });
    }
    if (partitionResult.length > 0) results.push({ topic, partitionResult });
  }
  const reason = electionType === PREFERRED ? 'elect-preferred' : 'elect-unclean';
  return { records, reason, response: ElectLeaders.response.make({ replicaElectionResults: results }) };
}

function everything(state: ControllerState): { topic: string; partitions: readonly number[] }[] {
  return [...state.metadata.topics.values()].map(({ name, partitions }) => ({
    topic: name,
    partitions: partitions.map(({ partition }) => partition),
  }));
}

function electOne(
  state: ControllerState,
  partition: PartitionState | undefined,
  electionType: number,
): PartitionChangeRecord | number {
  if (partition === undefined) return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
  const preferred = electionType === PREFERRED;
  const done = preferred ? partition.leader === partition.replicas[0] : partition.leader >= 0;
  if (done) return ErrorCode.ELECTION_NOT_NEEDED;
  const change = { election: preferred ? 'preferred' : 'unclean' } as const;
  const record = buildPartitionChange(partition, change, rulesFor(state, partition));
  if (record !== null) return record;
  return preferred ? ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE : ErrorCode.ELIGIBLE_LEADERS_NOT_AVAILABLE;
}

/** The balancing of leaders: back to the first replica wherever it can lead (`auto.leader.rebalance.enable`). */
export function decidePreferredSweep(state: ControllerState): Decision<null> {
  const records = changeEach(
    state,
    ({ leader, replicas }) => (leader === replicas[0] ? null : { election: 'preferred' }),
    {},
    MAX_ELECTIONS_PER_SWEEP,
  ).filter(({ leader }) => leader >= 0);
  return { records, reason: 'leader-rebalance', response: null };
}

/** Partitions without a leader whose topic came to allow unclean elections later (`unclean.leader.election.interval.ms`). */
export function decideUncleanSweep(state: ControllerState): Decision<null> {
  const records = changeEach(
    state,
    ({ leader, topic }) => (leader < 0 && uncleanElectionEnabled(state, topic) ? { election: 'unclean' } : null),
    {},
    MAX_ELECTIONS_PER_SWEEP,
  );
  return { records, reason: 'unclean-sweep', response: null };
}
