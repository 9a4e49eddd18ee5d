/** AlterPartitionReassignments (45) and ListPartitionReassignments (46), at the active controller. */
import {
  AlterPartitionReassignments,
  type AlterPartitionReassignmentsRequest,
  type AlterPartitionReassignmentsResponse,
} from '../../../../protocol/apis/45-alter-partition-reassignments.ts';
import {
  ListPartitionReassignments,
  type ListPartitionReassignmentsRequest,
  type ListPartitionReassignmentsResponse,
} from '../../../../protocol/apis/46-list-partition-reassignments.ts';
import { ErrorCode } from '../../../../protocol/errors.ts';
import type { Task } from '../task.ts';
import type { ControllerParts } from './parts.ts';
import { beginReassignment } from './reassignment.ts';
import { type ControlledPartition, type ControllerState, isReassigning, originReplicas } from './state.ts';

type Verdict = { readonly target: readonly number[] } | { readonly errorCode: number; readonly errorMessage: string };

export function* alterReassignments(
  parts: ControllerParts,
  { topics }: AlterPartitionReassignmentsRequest,
): Task<AlterPartitionReassignmentsResponse> {
  const { state } = parts;
  const responses = [];
  for (const { name, partitions } of topics) {
    const answers = [];
    for (const { partitionIndex, replicas } of partitions) {
      const partition = state.partition(name, partitionIndex);
      const verdict = judge(state, partition, replicas);
      if ('errorCode' in verdict) {
        answers.push({ partitionIndex, ...verdict });
        continue;
      }
      yield* beginReassignment(parts, partition!, verdict.target);
      answers.push({ partitionIndex, errorMessage: null });
    }
    responses.push({ name, partitions: answers });
  }
  return AlterPartitionReassignments.response.make({ errorMessage: null, responses });
}

/** What a partition is to have, or why not. Null replicas: back to what it had. */
export function judge(
  state: Pick<ControllerState, 'isAlive' | 'isDeleting'>,
  partition: ControlledPartition | undefined,
  replicas: readonly number[] | null,
): Verdict {
  if (partition === undefined || state.isDeleting(partition.topic)) {
    return { errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, errorMessage: 'there is no such partition' };
  }
  if (replicas === null) {
    if (isReassigning(partition)) return { target: originReplicas(partition) };
    return {
      errorCode: ErrorCode.NO_REASSIGNMENT_IN_PROGRESS,
      errorMessage: `${partition.name} is not being reassigned`,
    };
  }
  const errorMessage = `[${replicas.join(', ')}] is no list of live brokers`;
  const bad = { errorCode: ErrorCode.INVALID_REPLICA_ASSIGNMENT, errorMessage };
  if (replicas.length === 0 || new Set(replicas).size !== replicas.length) return bad;
  const origin = originReplicas(partition);
  const added = replicas.filter((id) => !origin.includes(id));
  return added.every((id) => state.isAlive(id)) ? { target: replicas } : bad;
}

export function listReassignments(
  state: ControllerState,
  { topics }: ListPartitionReassignmentsRequest,
): ListPartitionReassignmentsResponse {
  const asked =
    topics ??
    [...state.topics.values()].map(({ name, partitions }) => ({ name, partitionIndexes: [...partitions.keys()] }));
  const found = asked.map(({ name, partitionIndexes }) => ({
    name,
    partitions: partitionIndexes.flatMap((partitionIndex) => {
      const partition = state.partition(name, partitionIndex);
      if (partition === undefined || !isReassigning(partition)) return [];
      const { replicas, adding, removing } = partition;
      return [{ partitionIndex, replicas, addingReplicas: adding, removingReplicas: removing }];
    }),
  }));
  return ListPartitionReassignments.response.make({
    errorMessage: null,
    topics: found.filter(({ partitions }) => partitions.length > 0),
  });
}
