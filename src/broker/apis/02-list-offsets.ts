/**
 * ListOffsets, versions as the release offers them (3.9: 0–9, 4.2: 1–11).
 *
 * The first or last offset, the one with the largest timestamp, or the first at or after a time. A consumer reads what is
 * committed; a new leader whose high watermark has not reached its epoch's start says OFFSET_NOT_AVAILABLE rather than an
 * offset that would go back (KIP-207). Kafka's `Partition.fetchOffsetForTimestamp`.
 *
 * Not simulated: tiered storage (its special timestamps find nothing).
 */
import { DiskError } from '../../kernel/api.ts';
import { ListOffsets, type ListOffsetsPartitionResponse } from '../../protocol/apis/02-list-offsets.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { Partition } from '../partition.ts';
import { type BrokerServices, handler } from '../services.ts';

const TIMESTAMP = { latest: -1, earliest: -2, max: -3, earliestLocal: -4, latestTiered: -5, earliestPendingUpload: -6 };
const CONSUMER = -1;
const DEBUGGING = -2;
const READ_COMMITTED = 1;
const FIRST_VERSION_WITH_LEADER_EPOCH = 4;
const FIRST_VERSION_WITH_NOT_AVAILABLE = 5;

/** Who asks, and under which version's rules. */
interface Asker {
  readonly replicaId: number;
  readonly readCommitted: boolean;
  readonly version: number;
}

interface Question {
  readonly partitionIndex: number;
  readonly currentLeaderEpoch: number;
  readonly timestamp: number;
}

interface Found {
  readonly offset: number;
  readonly timestamp: number;
  readonly leaderEpoch: number;
}

const NOTHING: Found = { offset: -1, timestamp: -1, leaderEpoch: -1 };

/** The first version that may ask for a special timestamp; no other time is below 0. */
const SINCE: { readonly [timestamp: number]: number } = {
  [TIMESTAMP.latest]: 0,
  [TIMESTAMP.earliest]: 0,
  [TIMESTAMP.max]: 7,
  [TIMESTAMP.earliestLocal]: 8,
  [TIMESTAMP.latestTiered]: 9,
  [TIMESTAMP.earliestPendingUpload]: 11,
};

export const listOffsets = handler(ListOffsets, (services, request) => {
  const { body, version } = request;
  const asker = { replicaId: body.replicaId, readCommitted: body.isolationLevel === READ_COMMITTED, version };
  const topics = body.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map((question) => {
      const { partitionIndex, timestamp } = question;
      const twice = partitions.filter((other) => other.partitionIndex === partitionIndex).length > 1;
      if (twice) return response(question, ErrorCode.INVALID_REQUEST, NOTHING, asker);
      if (timestamp < 0 && !(version >= SINCE[timestamp]!))
        return response(question, ErrorCode.UNSUPPORTED_VERSION, NOTHING, asker);
      return answer(services, name, question, asker);
    }),
  }));
  request.respond({ throttleTimeMs: 0, topics });
});

function answer(
  services: BrokerServices,
  topic: string,
  question: Question,
  asker: Asker,
): ListOffsetsPartitionResponse {
  const { replicas } = services;
  const partition = replicas.get(topic, question.partitionIndex);
  let error = partition === undefined ? replicas.lookupError(topic, question.partitionIndex) : ErrorCode.NONE;
  if (partition !== undefined) error = partition.epochError(question.currentLeaderEpoch);
  if (partition !== undefined && error === ErrorCode.NONE && !partition.leads && asker.replicaId !== DEBUGGING)
    error = ErrorCode.NOT_LEADER_OR_FOLLOWER;
  if (partition === undefined || error !== ErrorCode.NONE) return response(question, error, NOTHING, asker);
  if (hidesItsEnd(partition, question.timestamp, asker)) {
    const unknown =
      asker.version >= FIRST_VERSION_WITH_NOT_AVAILABLE
        ? ErrorCode.OFFSET_NOT_AVAILABLE
        : ErrorCode.LEADER_NOT_AVAILABLE;
    return response(question, unknown, NOTHING, asker);
  }
  try {
    return response(question, ErrorCode.NONE, find(partition, question.timestamp, asker), asker);
  } catch (thrown) {
    if (!(thrown instanceof DiskError)) throw thrown;
    replicas.logDirFailed(partition, thrown);
    return response(question, ErrorCode.KAFKA_STORAGE_ERROR, NOTHING, asker);
  }
}

/** A new leader does not know yet what its predecessor had committed. */
function hidesItsEnd(partition: Partition, timestamp: number, asker: Asker): boolean {
  if (asker.replicaId !== CONSUMER || timestamp === TIMESTAMP.earliest || timestamp === TIMESTAMP.earliestLocal)
    return false;
  return partition.leads && partition.leaderEpochStartOffset > partition.log.highWatermark;
}

function find(partition: Partition, timestamp: number, asker: Asker): Found {
  const { log } = partition;
  const end =
    asker.replicaId !== CONSUMER ? log.logEndOffset : asker.readCommitted ? log.lastStableOffset : log.highWatermark;
  switch (timestamp) {
    case TIMESTAMP.latest:
      return { offset: end, timestamp: -1, leaderEpoch: partition.leaderEpoch };
    case TIMESTAMP.earliest:
    case TIMESTAMP.earliestLocal: {
      const first = log.epochs.entries()[0];
      const known = first !== undefined && first.startOffset <= log.logStartOffset;
      return { offset: log.logStartOffset, timestamp: -1, leaderEpoch: known ? first.epoch : -1 };
    }
    case TIMESTAMP.max:
      return below(log.maxTimestamp(), end);
    case TIMESTAMP.latestTiered:
    case TIMESTAMP.earliestPendingUpload:
      return NOTHING;
    default:
      return below(log.offsetForTimestamp(timestamp), end);
  }
}

function below(
  found: { readonly offset: number; readonly timestampMs: number; readonly leaderEpoch: number } | undefined,
  end: number,
): Found {
  if (found === undefined || found.offset >= end) return NOTHING;
  return { offset: found.offset, timestamp: found.timestampMs, leaderEpoch: found.leaderEpoch };
}

function response(question: Question, errorCode: number, found: Found, asker: Asker): ListOffsetsPartitionResponse {
  const { partitionIndex } = question;
  if (asker.version === 0)
    return { partitionIndex, errorCode, oldStyleOffsets: found.offset >= 0 ? [found.offset] : [], ...NOTHING };
  const leaderEpoch = asker.version >= FIRST_VERSION_WITH_LEADER_EPOCH ? found.leaderEpoch : -1;
  return { partitionIndex, errorCode, oldStyleOffsets: [], ...found, leaderEpoch };
}
