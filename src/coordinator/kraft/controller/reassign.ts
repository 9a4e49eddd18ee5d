/**
 * AlterPartitionReassignments (45) and ListPartitionReassignments (46): a partition moves by having both its old and its
 * new replicas for a while; the old ones go when every new one is in sync (KIP-455).
 */
import {
  AlterPartitionReassignments,
  type AlterPartitionReassignmentsRequest,
  type AlterPartitionReassignmentsResponse,
} from '../../../protocol/apis/45-alter-partition-reassignments.ts';
import {
  ListPartitionReassignments,
  type ListPartitionReassignmentsRequest,
  type ListPartitionReassignmentsResponse,
} from '../../../protocol/apis/46-list-partition-reassignments.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import type { PartitionState } from '../../index.ts';
import type { PartitionChangeRecord } from '../metadata/records.ts';
import type { Refusal } from './create-topics.ts';
import { buildPartitionChange, type PartitionChange } from './partition-change.ts';
import { rulesFor } from './partitions.ts';
import { type ControllerState, type Decision, uncleanElectionEnabled } from './state.ts';

export function decideReassign(
  state: ControllerState,
  request: AlterPartitionReassignmentsRequest,
): Decision<AlterPartitionReassignmentsResponse> {
  const records: PartitionChangeRecord[] = [];
  const { allowReplicationFactorChange } = request;
  const responses = request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex, replicas }) => {
      const partition = state.metadata.topics.get(name)?.partitions[partitionIndex];
      const change =
        partition === undefined
          ? refuse(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, `there is no partition ${name}-${partitionIndex}`)
          : replicas === null
            ? cancel(state, partition)
            : move(state, partition, replicas, allowReplicationFactorChange ? 'any' : 'same');
      if ('errorCode' in change || partition === undefined) return { partitionIndex, ...change };
      const record = buildPartitionChange(partition, change, rulesFor(state, partition));
      if (record !== null) records.push(record);
      return { partitionIndex, errorMessage: null };
    }),
  }));
  const response = AlterPartitionReassignments.response.make({
    allowReplicationFactorChange,
    errorMessage: null,
    responses,
  });
  return { records, reason: 'reassignment', response };
}

const refuse = (errorCode: number, errorMessage: string): Refusal => ({ errorCode, errorMessage });

function move(
  state: ControllerState,
  partition: PartitionState,
  target: readonly number[],
  replicationFactor: 'any' | 'same',
): PartitionChange | Refusal {
  const unknown = target.find((id) => !state.metadata.brokers.has(id));
  if (target.length === 0 || new Set(target).size !== target.length || unknown !== undefined) {
    const why = unknown === undefined ? 'is empty or names a broker twice' : `names the unknown broker ${unknown}`;
    return refuse(ErrorCode.INVALID_REPLICA_ASSIGNMENT, `[${target.join(', ')}] ${why}`);
  }
  if (replicationFactor === 'same') {
    const present = partition.replicas.filter((id) => !partition.addingReplicas.includes(id)).length;
    if (present !== target.length) {
      return refuse(
        ErrorCode.INVALID_REPLICATION_FACTOR,
        `the partition has ${present} replicas, not ${target.length}`,
      );
    }
  }
  const removing = partition.replicas.filter((id) => !target.includes(id));
  const adding = target.filter((id) => !partition.replicas.includes(id) || partition.addingReplicas.includes(id));
  return { election: 'online', replicas: [...target, ...removing], adding, removing };
}

function cancel(state: ControllerState, partition: PartitionState): PartitionChange | Refusal {
  const { name, topic, replicas, isr, addingReplicas, removingReplicas } = partition;
  if (addingReplicas.length === 0 && removingReplicas.length === 0) {
    return refuse(ErrorCode.NO_REASSIGNMENT_IN_PROGRESS, `${name} is not being reassigned`);
  }
  const isOld = (id: number) => !addingReplicas.includes(id);
  const inSync = isr.filter(isOld);
  const unclean = uncleanElectionEnabled(state, topic);
  if (inSync.length === 0 && !unclean) {
    return refuse(ErrorCode.INVALID_REPLICA_ASSIGNMENT, `only replicas that are being added are in sync in ${name}`);
  }
  const election = unclean ? 'unclean' : 'online';
  return { election, isr: inSync, replicas: replicas.filter(isOld), adding: [], removing: [] };
}

export function decideListReassignments(
  state: ControllerState,
  request: ListPartitionReassignmentsRequest,
): Decision<ListPartitionReassignmentsResponse> {
  const { topics } = state.metadata;
  const asked =
    request.topics ??
    [...topics.values()].map(({ name, partitions }) => ({ name, partitionIndexes: [...partitions.keys()] }));
  const found = asked.map(({ name, partitionIndexes }) => ({
    name,
    partitions: partitionIndexes
      .map((partition) => topics.get(name)?.partitions[partition])
      .filter((partition) => partition !== undefined && isMoving(partition))
      .map((partition) => {
        const { partition: partitionIndex, replicas, addingReplicas, removingReplicas } = partition!;
        return { partitionIndex, replicas, addingReplicas, removingReplicas };
      }),
  }));
  const response = { errorMessage: null, topics: found.filter(({ partitions }) => partitions.length > 0) };
  return { records: [], reason: '', response: ListPartitionReassignments.response.make(response) };
}

function isMoving({ addingReplicas, removingReplicas }: PartitionState): boolean {
  return addingReplicas.length > 0 || removingReplicas.length > 0;
}
