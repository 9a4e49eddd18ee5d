/**
 * AlterPartition (56): a leader proposes an ISR (KIP-497, KIP-841, KIP-903). The tests stand in Kafka's order, because a
 * leader draws different conclusions from different errors.
 */
import {
  AlterPartition,
  type AlterPartitionRequest,
  type AlterPartitionRequestPartitionData,
  type AlterPartitionResponse,
} from '../../../protocol/apis/56-alter-partition.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import type { PartitionState } from '../../index.ts';
import { merge } from '../metadata/apply.ts';
import type { PartitionChangeRecord } from '../metadata/records.ts';
import { buildPartitionChange } from './partition-change.ts';
import { automaticElection, rulesFor } from './partitions.ts';
import type { ControllerState, Decision } from './state.ts';

type Proposal = AlterPartitionRequestPartitionData;

export function decideAlterPartition(
  state: ControllerState,
  request: AlterPartitionRequest,
): Decision<AlterPartitionResponse> {
  const sender = state.metadata.brokers.get(request.brokerId);
  if (sender === undefined || sender.epoch !== request.brokerEpoch) {
    const errorCode = ErrorCode.STALE_BROKER_EPOCH;
    return { records: [], reason: '', response: AlterPartition.response.make({ errorCode }) };
  }
  const records: PartitionChangeRecord[] = [];
  const topics = request.topics.map(({ topicId, partitions }) => ({
    topicId,
    partitions: partitions.map((proposal) => {
      const { partitionIndex } = proposal;
      const partition = state.metadata.topicById(topicId)?.partitions[partitionIndex];
      const errorCode = validate(state, request.brokerId, topicId, partition, proposal);
      if (errorCode !== ErrorCode.NONE || partition === undefined) return { partitionIndex, errorCode };
      const { record, answer } = accept(state, partition, proposal);
      if (record !== null) records.push(record);
      return answer;
    }),
  }));
  return { records, reason: 'alter-partition', response: AlterPartition.response.make({ topics }) };
}

/** Version 2 names members without their epochs. */
function membersOf(proposal: Proposal): readonly { readonly brokerId: number; readonly brokerEpoch: number }[] {
  if (proposal.newIsrWithEpochs.length > 0) return proposal.newIsrWithEpochs;
  return proposal.newIsr.map((brokerId) => ({ brokerId, brokerEpoch: -1 }));
}

function validate(
  state: ControllerState,
  senderId: number,
  topicId: string,
  partition: PartitionState | undefined,
  proposal: Proposal,
): number {
  if (state.metadata.topicById(topicId) === undefined) return ErrorCode.UNKNOWN_TOPIC_ID;
  if (partition === undefined) return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
  const { leaderEpoch, partitionEpoch } = proposal;
  // The sender has seen more than this controller, which therefore cannot be the active one any more.
  if (leaderEpoch > partition.leaderEpoch || partitionEpoch > partition.partitionEpoch) return ErrorCode.NOT_CONTROLLER;
  if (leaderEpoch < partition.leaderEpoch) return ErrorCode.FENCED_LEADER_EPOCH;
  if (senderId !== partition.leader) return ErrorCode.INVALID_REQUEST;
  if (partitionEpoch < partition.partitionEpoch) return ErrorCode.INVALID_UPDATE_VERSION;
  return validateIsr(state, senderId, partition, proposal);
}

function validateIsr(state: ControllerState, senderId: number, partition: PartitionState, proposal: Proposal): number {
  const members = membersOf(proposal);
  const isr = members.map(({ brokerId }) => brokerId);
  const valid =
    isr.length > 0 && new Set(isr).size === isr.length && isr.every((id) => partition.replicas.includes(id));
  if (!valid || !isr.includes(senderId)) return ErrorCode.INVALID_REQUEST;
  const recovering = proposal.leaderRecoveryState === 1;
  if (recovering && (isr.length > 1 || !partition.recovering)) return ErrorCode.INVALID_REQUEST;
  for (const { brokerId, brokerEpoch } of members) {
    const broker = state.metadata.brokers.get(brokerId);
    if (broker === undefined || broker.fenced || broker.inControlledShutdown) return ErrorCode.INELIGIBLE_REPLICA;
    if (brokerEpoch !== -1 && brokerEpoch !== broker.epoch) return ErrorCode.INELIGIBLE_REPLICA;
  }
  return ErrorCode.NONE;
}

function accept(state: ControllerState, partition: PartitionState, proposal: Proposal) {
  const isr = membersOf(proposal).map(({ brokerId }) => brokerId);
  const change = {
    isr,
    recovering: proposal.leaderRecoveryState === 1,
    election: automaticElection(state, partition.topic),
  };
  const record = buildPartitionChange(partition, change, rulesFor(state, partition));
  const after = record === null ? partition : merge(partition, record);
  const { partitionIndex } = proposal;
  if (after.leader !== partition.leader || after.leaderEpoch !== partition.leaderEpoch) {
    return { record, answer: { partitionIndex, errorCode: ErrorCode.NEW_LEADER_ELECTED } };
  }
  const { leader: leaderId, leaderEpoch, partitionEpoch } = after;
  const leaderRecoveryState = after.recovering ? 1 : 0;
  return {
    record,
    answer: { partitionIndex, leaderId, leaderEpoch, isr: after.isr, leaderRecoveryState, partitionEpoch },
  };
}
