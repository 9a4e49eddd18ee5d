/** Elections that somebody asks for, or the clock (KafkaController.onReplicaElection, checkAndTriggerAutoLeaderRebalance). */
import {
  ElectLeaders,
  type ElectLeadersRequest,
  type ElectLeadersResponse,
} from '../../../../protocol/apis/43-elect-leaders.ts';
import { ErrorCode } from '../../../../protocol/errors.ts';
import type { Task } from '../task.ts';
import type { Strategy } from './election.ts';
import { bringOnline } from './partition-machine.ts';
import type { ControllerParts } from './parts.ts';
import type { ControlledPartition, ControllerState } from './state.ts';

const PREFERRED = 0;
const UNCLEAN = 1;

export function* electLeaders(parts: ControllerParts, request: ElectLeadersRequest): Task<ElectLeadersResponse> {
  const { state } = parts;
  const { electionType, topicPartitions } = request;
  if (electionType !== PREFERRED && electionType !== UNCLEAN) {
    return ElectLeaders.response.make({ errorCode: ErrorCode.INVALID_REQUEST });
  }
  const asked = topicPartitions ?? everything(state);
  const wanted = asked.flatMap(({ topic, partitions }) =>
    partitions.map((partitionId) => ({ topic, partitionId, partition: state.partition(topic, partitionId) })),
  );
  const ready: ControlledPartition[] = [];
  const refused = wanted.map(({ topic, partition }) => {
    const error = whyNot(state, topic, partition, electionType);
    if (error === ErrorCode.NONE) ready.push(partition!);
    return error;
  });
  const strategy: Strategy = electionType === PREFERRED ? { kind: 'preferred' } : { kind: 'offline', unclean: true };
  const outcomes = yield* bringOnline(parts, ready, strategy);
  parts.batch.send();
  const results = new Map<string, { partitionId: number; errorCode: number; errorMessage: null }[]>();
  wanted.forEach(({ topic, partitionId, partition }, i) => {
    const errorCode = partition === undefined ? refused[i]! : (outcomes.get(partition) ?? refused[i]!);
    // Whoever asks for all partitions wants to hear of those that took part only.
    if (topicPartitions === null && errorCode === ErrorCode.ELECTION_NOT_NEEDED) return;
    const list = results.get(topic) ?? [];
    list.push({ partitionId, errorCode, errorMessage: null });
    results.set(topic, list);
  });
  const replicaElectionResults = [...results].map(([topic, partitionResult]) => ({ topic, partitionResult }));
  return ElectLeaders.response.make({ replicaElectionResults });
}

function everything(state: ControllerState): { topic: string; partitions: readonly number[] }[] {
  return [...state.topics.values()].map(({ name, partitions }) => ({
    topic: name,
    partitions: [...partitions.keys()],
  }));
}

function whyNot(
  state: ControllerState,
  topic: string,
  partition: ControlledPartition | undefined,
  electionType: number,
): number {
  if (partition === undefined) return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
  if (state.isDeleting(topic)) return ErrorCode.INVALID_TOPIC_EXCEPTION;
  const leader = partition.leadership?.leader ?? -1;
  const done = electionType === PREFERRED ? leader === partition.replicas[0] : leader >= 0 && state.isAlive(leader);
  return done ? ErrorCode.ELECTION_NOT_NEEDED : ErrorCode.NONE;
}

/** Preferred leaders that lead too little get back what is theirs, where they can lead. */
export function* rebalanceLeaders(parts: ControllerParts): Task<void> {
  const partitions = toRebalance(parts.state, parts.settings.imbalancePerBroker);
  if (partitions.length === 0) return;
  yield* bringOnline(parts, partitions, { kind: 'preferred' });
  parts.batch.send();
}

/** For each broker: if it does not lead more than this percentage of what it is preferred for, all of that which it could lead. */
export function toRebalance(state: ControllerState, percentage: number): ControlledPartition[] {
  const byPreferred = new Map<number, ControlledPartition[]>();
  for (const partition of state.partitions()) {
    const preferred = partition.replicas[0];
    if (preferred === undefined || partition.leadership === null || state.isDeleting(partition.topic)) continue;
    const list = byPreferred.get(preferred);
    if (list === undefined) byPreferred.set(preferred, [partition]);
    else list.push(partition);
  }
  const chosen: ControlledPartition[] = [];
  for (const [preferred, partitions] of [...byPreferred].sort(([a], [b]) => a - b)) {
    const elsewhere = partitions.filter(({ leadership }) => leadership!.leader !== preferred);
    if (elsewhere.length * 100 <= partitions.length * percentage || !state.isOnline(preferred)) continue;
    for (const partition of elsewhere) {
      const isMoving = partition.adding.length > 0 || partition.removing.length > 0;
      if (!isMoving && partition.leadership!.isr.includes(preferred)) chosen.push(partition);
    }
  }
  return chosen;
}
