/** CreatePartitions (37): a topic grows; it never shrinks. */
import {
  CreatePartitions,
  type CreatePartitionsRequest,
  type CreatePartitionsResponse,
  type CreatePartitionsTopic,
} from '../../../protocol/apis/37-create-partitions.ts';
import { ErrorCode, errorMeaning } from '../../../protocol/errors.ts';
import { placeReplicas } from '../../placement.ts';
import { MOST_NEW_PARTITIONS, repeatedNames, TOO_MANY_PARTITIONS } from '../../request-limits.ts';
import type { PartitionRecord } from '../metadata/records.ts';
import { checkAssignment, newPartition, type Refusal, wrongAssignment } from './create-topics.ts';
import type { ControllerState, Decision } from './state.ts';

export function decideCreatePartitions(
  state: ControllerState,
  request: CreatePartitionsRequest,
): Decision<CreatePartitionsResponse> {
  const records: PartitionRecord[] = [];
  const repeated = repeatedNames(request.topics);
  let left = MOST_NEW_PARTITIONS;
  const results = request.topics.map((topic) => {
    const plan = repeated.has(topic.name)
      ? { errorCode: ErrorCode.INVALID_REQUEST, errorMessage: `topic ${topic.name} is named twice` }
      : planGrowth(state, topic, left);
    if ('errorCode' in plan) return { name: topic.name, ...plan };
    left -= plan.length;
    records.push(...plan);
    return { name: topic.name };
  });
  const response = CreatePartitions.response.make({ results });
  return { records: request.validateOnly ? [] : records, reason: 'partitions-created', response };
}

function planGrowth(
  state: ControllerState,
  { name, count, assignments }: CreatePartitionsTopic,
  most: number,
): PartitionRecord[] | Refusal {
  const topic = state.metadata.topics.get(name);
  if (topic === undefined) {
    return {
      errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
      errorMessage: errorMeaning(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION),
    };
  }
  const present = topic.partitions.length;
  if (count <= present) {
    const message =
      count === present
        ? `Topic already has ${present} partition(s).`
        : `The topic ${name} currently has ${present} partition(s); ${count} would not be an increase.`;
    return { errorCode: ErrorCode.INVALID_PARTITIONS, errorMessage: message };
  }
  if (count - present > most) return TOO_MANY_PARTITIONS;
  const replicationFactor = topic.partitions[0]!.replicas.length;
  let lists: readonly (readonly number[])[] | null;
  if (assignments === null) {
    lists = placeReplicas(state.metadata.brokers.values(), {
      count: count - present,
      firstPartition: present,
      replicationFactor,
    });
  } else {
    lists = assignments.map(({ brokerIds }) => brokerIds);
    if (lists.length !== count - present) return wrongAssignment(`${count - present} replica lists are needed`);
    for (const list of lists) {
      const reason = checkAssignment(state, list, replicationFactor);
      if (reason !== null) return wrongAssignment(reason);
    }
  }
  const records = lists?.map((replicas, i) => newPartition(state, topic.id, present + i, replicas));
  if (records === undefined || records.includes(null)) {
    return {
      errorCode: ErrorCode.INVALID_REPLICATION_FACTOR,
      errorMessage: `${replicationFactor} replicas cannot be placed`,
    };
  }
  return records.filter((record) => record !== null);
}
