/**
 * DeleteRecords, versions 0–2 (KIP-107). Raises a partition's log start to an offset below the high watermark; -1 means the high
 * watermark itself. A topic that is only compacted refuses with POLICY_VIOLATION.
 *
 * Not simulated: waiting until the followers have raised theirs too (the answer is the leader's own log start,
 * and comes at once; followers follow with their next fetch).
 */
import { DiskError } from '../../kernel/api.ts';
import { DeleteRecords, type DeleteRecordsResponse } from '../../protocol/apis/21-delete-records.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { Partition } from '../partition.ts';
import { type BrokerServices, handler } from '../services.ts';
import { topicSettings } from '../settings.ts';

const HIGH_WATERMARK = -1;

type Result = DeleteRecordsResponse['topics'][number]['partitions'][number];

export const deleteRecords = handler(DeleteRecords, (services, request) => {
  const topics = request.body.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex, offset }) => remove(services, name, partitionIndex, offset)),
  }));
  request.respond({ throttleTimeMs: 0, topics });
});

function remove(services: BrokerServices, topic: string, partitionIndex: number, offset: number): Result {
  const { replicas } = services;
  const partition = replicas.get(topic, partitionIndex);
  const errorCode =
    partition === undefined ? replicas.lookupError(topic, partitionIndex) : refusal(services, partition, offset);
  if (partition === undefined || errorCode !== ErrorCode.NONE) return { partitionIndex, lowWatermark: -1, errorCode };
  const { log } = partition;
  try {
    log.incrementLogStartOffset(offset === HIGH_WATERMARK ? log.highWatermark : offset);
    partition.logStartMoved();
    return { partitionIndex, lowWatermark: log.logStartOffset, errorCode };
  } catch (thrown) {
    if (!(thrown instanceof DiskError)) throw thrown;
    replicas.logDirFailed(partition, thrown);
    return { partitionIndex, lowWatermark: -1, errorCode: ErrorCode.KAFKA_STORAGE_ERROR };
  }
}

function refusal(services: BrokerServices, partition: Partition, offset: number): number {
  if (!partition.leads) return ErrorCode.NOT_LEADER_OR_FOLLOWER;
  if (!topicSettings(services, partition.topic).list('cleanup.policy').includes('delete'))
    return ErrorCode.POLICY_VIOLATION;
  if (offset < HIGH_WATERMARK || offset > partition.log.highWatermark) return ErrorCode.OFFSET_OUT_OF_RANGE;
  return ErrorCode.NONE;
}
