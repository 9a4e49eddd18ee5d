/** CreatePartitions (37): the assignment in the topic's znode grows; the controller sees it there. */
import {
  CreatePartitions,
  type CreatePartitionsRequest,
  type CreatePartitionsResponse,
  type CreatePartitionsTopic,
} from '../../../../protocol/apis/37-create-partitions.ts';
import { ErrorCode } from '../../../../protocol/errors.ts';
import { placeReplicas } from '../../../placement.ts';
import { MOST_NEW_PARTITIONS, repeatedNames, TOO_MANY_PARTITIONS } from '../../../request-limits.ts';
import { ZkCode } from '../../ensemble/codes.ts';
import { all, type Task } from '../task.ts';
import { type Assignment, decodeTopic, encodeTopic, type TopicZNode, topicPath } from '../znodes.ts';
import { type Admin, hasLeaders, type Refusal, refuse } from './admin.ts';
import { wrong } from './create-topics.ts';

export function* createPartitions(admin: Admin, request: CreatePartitionsRequest): Task<CreatePartitionsResponse> {
  const repeated = repeatedNames(request.topics);
  const results = yield* all(
    request.topics.map(function* (topic) {
      const { name, count } = topic;
      if (repeated.has(name)) return { name, ...refuse(ErrorCode.INVALID_REQUEST, `topic ${name} is named twice`) };
      const { err, data, stat } = yield* admin.zk.getData(topicPath(name));
      const znode = err === ZkCode.OK ? decodeTopic(data) : undefined;
      const grown = planGrowth(admin, topic, znode);
      if ('errorCode' in grown) return { name, ...grown };
      if (request.validateOnly) return { name, errorCode: ErrorCode.NONE };
      yield* admin.zk.setData(topicPath(name), encodeTopic(grown), stat?.version ?? -1);
      const ready = yield* admin.waits.until(() => hasLeaders(admin.image(), name, count), request.timeoutMs);
      return { name, errorCode: ready ? ErrorCode.NONE : ErrorCode.REQUEST_TIMED_OUT };
    }),
  );
  return CreatePartitions.response.make({ results });
}

function planGrowth(
  { image }: Admin,
  { name, count, assignments }: CreatePartitionsTopic,
  znode: TopicZNode | undefined,
): TopicZNode | Refusal {
  if (znode === undefined) return refuse(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, `The topic '${name}' does not exist.`);
  const present = [...znode.partitions.values()];
  if (present.some(({ adding, removing }) => adding.length > 0 || removing.length > 0)) {
    return refuse(ErrorCode.REASSIGNMENT_IN_PROGRESS, `topic ${name} is being reassigned`);
  }
  if (count <= present.length) {
    const message =
      count === present.length
        ? `Topic already has ${count} partitions.`
        : `Topic currently has ${present.length} partitions, which is higher than the requested ${count}.`;
    return refuse(ErrorCode.INVALID_PARTITIONS, message);
  }
  const added = count - present.length;
  if (added > MOST_NEW_PARTITIONS) return TOO_MANY_PARTITIONS;
  const replicationFactor = present[0]?.replicas.length ?? 1;
  const { brokers } = image();
  let lists: readonly (readonly number[])[] | null;
  if (assignments === null) {
    lists = placeReplicas(brokers.values(), { count: added, firstPartition: present.length, replicationFactor });
  } else {
    if (assignments.length !== added) return wrong(`${assignments.length} lists for ${added} new partitions`);
    lists = assignments.map(({ brokerIds }) => brokerIds);
    const bad = lists.find(
      (ids) =>
        ids.length !== replicationFactor || new Set(ids).size !== ids.length || !ids.every((id) => brokers.has(id)),
    );
    if (bad !== undefined) return wrong(`[${bad.join(', ')}] is no list of ${replicationFactor} live brokers`);
  }
  if (lists === null) {
    return refuse(ErrorCode.INVALID_REPLICATION_FACTOR, `${replicationFactor} replicas cannot be placed`);
  }
  const partitions = new Map<number, Assignment>(znode.partitions);
  lists.forEach((replicas, i) => void partitions.set(present.length + i, { replicas, adding: [], removing: [] }));
  return { topicId: znode.topicId, partitions };
}
