/** Raft's plain messages to Kafka's, and back. One topic, one partition, one replica a request. */
import { Fetch, type FetchRequest, type FetchResponse } from '../../../protocol/apis/01-fetch.ts';
import { Vote, type VoteRequest, type VoteResponse } from '../../../protocol/apis/52-vote.ts';
import {
  BeginQuorumEpoch,
  type BeginQuorumEpochRequest,
  type BeginQuorumEpochResponse,
} from '../../../protocol/apis/53-begin-quorum-epoch.ts';
import {
  EndQuorumEpoch,
  type EndQuorumEpochRequest,
  type EndQuorumEpochResponse,
} from '../../../protocol/apis/54-end-quorum-epoch.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import type { Api } from '../../../protocol/schema.ts';
import { METADATA_TOPIC_ID, ZERO_UUID } from '../../../protocol/uuid.ts';
import { METADATA_TOPIC } from '../../../storage/metadata-log.ts';
import type { RaftRequest, RaftResponse } from '../raft/messages.ts';

/** The API and version in which a kind of request travels between nodes of 4.2. */
export const WIRE_APIS = {
  vote: { api: Vote, version: 2 },
  'begin-quorum-epoch': { api: BeginQuorumEpoch, version: 1 },
  'end-quorum-epoch': { api: EndQuorumEpoch, version: 1 },
  fetch: { api: Fetch, version: 18 },
} as const satisfies { readonly [K in RaftRequest['kind']]: { readonly api: Api; readonly version: number } };

/** `fetch.max.bytes` of the metadata quorum. */
const MAX_FETCH_BYTES = 8 * 1024 * 1024;

export function requestToWire(request: RaftRequest): unknown {
  const { clusterId } = request;
  const topicName = METADATA_TOPIC;
  switch (request.kind) {
    case 'vote': {
      const { voterId, replicaEpoch, replicaId, lastEpoch, lastOffset, preVote } = request;
      const partition = { replicaEpoch, replicaId, lastOffsetEpoch: lastEpoch, lastOffset, preVote };
      return Vote.request.make({ clusterId, voterId, topics: [{ topicName, partitions: [partition] }] });
    }
    case 'begin-quorum-epoch': {
      const { voterId, leaderId, leaderEpoch } = request;
      const topics = [{ topicName, partitions: [{ leaderId, leaderEpoch }] }];
      return BeginQuorumEpoch.request.make({ clusterId, voterId, topics });
    }
    case 'end-quorum-epoch': {
      const { leaderId, leaderEpoch } = request;
      const preferredCandidates = request.preferredCandidates.map((candidateId) => ({ candidateId }));
      const topics = [{ topicName, partitions: [{ leaderId, leaderEpoch, preferredCandidates }] }];
      return EndQuorumEpoch.request.make({ clusterId, topics });
    }
    case 'fetch':
      return fetchToWire(request);
  }
}

function fetchToWire(request: Extract<RaftRequest, { kind: 'fetch' }>): FetchRequest {
  return {
    clusterId: request.clusterId,
    replicaId: -1,
    replicaState: { replicaId: request.replicaId, replicaEpoch: -1 },
    maxWaitMs: request.maxWaitMs,
    minBytes: 0,
    maxBytes: MAX_FETCH_BYTES,
    isolationLevel: 0,
    sessionId: 0,
    sessionEpoch: -1,
    topics: [
      {
        topic: '',
        topicId: METADATA_TOPIC_ID,
        partitions: [
          {
            partition: 0,
            currentLeaderEpoch: request.currentLeaderEpoch,
            fetchOffset: request.fetchOffset,
            lastFetchedEpoch: request.lastFetchedEpoch,
            logStartOffset: -1,
            partitionMaxBytes: 0,
            replicaDirectoryId: ZERO_UUID,
            highWatermark: request.highWatermark,
          },
        ],
      },
    ],
    forgottenTopicsData: NOTHING,
    rackId: '',
  };
}

/** Undefined for a request that is not about partition 0 of the metadata topic. */
export function requestFromWire(apiKey: number, body: unknown): RaftRequest | undefined {
  switch (apiKey) {
    case Vote.key:
      return voteFromWire(body as VoteRequest);
    case BeginQuorumEpoch.key: {
      const { clusterId, voterId, topics } = body as BeginQuorumEpochRequest;
      const partition = onlyPartition(topics);
      if (partition === undefined) return undefined;
      const { leaderId, leaderEpoch } = partition;
      return { kind: 'begin-quorum-epoch', clusterId, voterId, leaderId, leaderEpoch };
    }
    case EndQuorumEpoch.key: {
      const { clusterId, topics } = body as EndQuorumEpochRequest;
      const partition = onlyPartition(topics);
      if (partition === undefined) return undefined;
      const { leaderId, leaderEpoch } = partition;
      const preferredCandidates = partition.preferredCandidates.map(({ candidateId }) => candidateId);
      return { kind: 'end-quorum-epoch', clusterId, leaderId, leaderEpoch, preferredCandidates };
    }
    case Fetch.key:
      return fetchFromWire(body as FetchRequest);
    default:
      return undefined;
  }
}

function onlyPartition<P>(
  topics: readonly { readonly topicName: string; readonly partitions: readonly P[] }[],
): P | undefined {
  const [topic] = topics;
  if (topics.length !== 1 || topic?.topicName !== METADATA_TOPIC) return undefined;
  return topic.partitions.length === 1 ? topic.partitions[0] : undefined;
}

function voteFromWire({ clusterId, voterId, topics }: VoteRequest): RaftRequest | undefined {
  const partition = onlyPartition(topics);
  if (partition === undefined) return undefined;
  const { replicaEpoch, replicaId, lastOffsetEpoch: lastEpoch, lastOffset, preVote } = partition;
  return { kind: 'vote', clusterId, voterId, replicaEpoch, replicaId, lastEpoch, lastOffset, preVote };
}

function fetchFromWire(body: FetchRequest): RaftRequest | undefined {
  const [topic] = body.topics;
  const [partition] = topic?.partitions ?? [];
  if (topic?.topicId !== METADATA_TOPIC_ID || partition === undefined) return undefined;
  return {
    kind: 'fetch',
    clusterId: body.clusterId,
    replicaId: body.replicaState.replicaId,
    currentLeaderEpoch: partition.currentLeaderEpoch,
    fetchOffset: partition.fetchOffset,
    lastFetchedEpoch: partition.lastFetchedEpoch,
    maxWaitMs: body.maxWaitMs,
    highWatermark: partition.highWatermark,
  };
}

/** `records` go into the answer to a fetch. */
export function responseToWire(response: RaftResponse, records: Uint8Array | null): unknown {
  const { errorCode, leaderId, leaderEpoch } = response;
  // These two are about the request as a whole.
  const isTop = errorCode === ErrorCode.INCONSISTENT_CLUSTER_ID || errorCode === ErrorCode.INVALID_REQUEST;
  if (response.kind === 'fetch') return fetchResponseToWire(response, records, isTop);
  const topicName = METADATA_TOPIC;
  const partition = { errorCode, leaderId, leaderEpoch };
  switch (response.kind) {
    case 'vote': {
      const partitions = [{ ...partition, voteGranted: response.voteGranted }];
      return Vote.response.make(isTop ? { errorCode } : { topics: [{ topicName, partitions }] });
    }
    case 'begin-quorum-epoch':
      return BeginQuorumEpoch.response.make(
        isTop ? { errorCode } : { topics: [{ topicName, partitions: [partition] }] },
      );
    case 'end-quorum-epoch':
      return EndQuorumEpoch.response.make(isTop ? { errorCode } : { topics: [{ topicName, partitions: [partition] }] });
  }
}

function fetchResponseToWire(
  response: Extract<RaftResponse, { kind: 'fetch' }>,
  records: Uint8Array | null,
  isTop: boolean,
): FetchResponse {
  const { errorCode, leaderId, leaderEpoch, highWatermark, diverging } = response;
  return {
    throttleTimeMs: 0,
    errorCode: isTop ? errorCode : ErrorCode.NONE,
    sessionId: 0,
    responses: isTop
      ? []
      : [
          {
            topic: '',
            topicId: METADATA_TOPIC_ID,
            partitions: [
              {
                partitionIndex: 0,
                errorCode,
                highWatermark,
                lastStableOffset: -1,
                logStartOffset: 0,
                divergingEpoch: diverging ?? NO_EPOCH_END,
                currentLeader: { leaderId, leaderEpoch },
                snapshotId: NO_EPOCH_END,
                abortedTransactions: null,
                preferredReadReplica: -1,
                records: records ?? NO_RECORDS,
              },
            ],
          },
        ],
    nodeEndpoints: NOTHING,
  };
}

const NOTHING: readonly never[] = [];
const NO_EPOCH_END = { epoch: -1, endOffset: -1 };
const NO_RECORDS = new Uint8Array(0);

/** Undefined if the whole request was refused; then there is nothing to learn from it. */
export function responseFromWire(kind: RaftRequest['kind'], body: unknown): RaftResponse | undefined {
  switch (kind) {
    case 'vote': {
      const partition = (body as VoteResponse).topics[0]?.partitions[0];
      if (partition === undefined) return undefined;
      const { errorCode, leaderId, leaderEpoch, voteGranted } = partition;
      return { kind, errorCode, leaderId, leaderEpoch, voteGranted };
    }
    case 'begin-quorum-epoch':
    case 'end-quorum-epoch': {
      const partition = (body as BeginQuorumEpochResponse | EndQuorumEpochResponse).topics[0]?.partitions[0];
      if (partition === undefined) return undefined;
      const { errorCode, leaderId, leaderEpoch } = partition;
      return { kind, errorCode, leaderId, leaderEpoch };
    }
    case 'fetch': {
      const partition = (body as FetchResponse).responses[0]?.partitions[0];
      if (partition === undefined) return undefined;
      const { errorCode, highWatermark, divergingEpoch, currentLeader, records } = partition;
      const { leaderId, leaderEpoch } = currentLeader;
      const diverging = divergingEpoch.epoch < 0 ? null : divergingEpoch;
      const read = records === null || records.length === 0 ? null : records;
      return { kind, errorCode, leaderId, leaderEpoch, highWatermark, diverging, records: read };
    }
  }
}
