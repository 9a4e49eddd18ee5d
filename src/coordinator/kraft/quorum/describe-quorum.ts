/** DescribeQuorum (55): who votes, who follows, and how far each has read. Answered by the leader alone. */
import {
  DescribeQuorum,
  type DescribeQuorumRequest,
  type DescribeQuorumResponse,
} from '../../../protocol/apis/55-describe-quorum.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import { METADATA_TOPIC } from '../../../storage/metadata-log.ts';
import type { Leader, Raft, ReplicaProgress } from '../raft/state.ts';

/** Observers that have not fetched for this long are forgotten. */
const OBSERVER_SESSION_MS = 300_000;

export function describeQuorum(raft: Raft, request: DescribeQuorumRequest, nowMs: number): DescribeQuorumResponse {
  const [topic] = request.topics;
  const isAsked = request.topics.length === 1 && topic?.topicName === METADATA_TOPIC && topic.partitions.length === 1;
  if (!isAsked) return answerWith(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
  const { role } = raft;
  if (role.kind !== 'leader') return answerWith(ErrorCode.NOT_LEADER_OR_FOLLOWER);
  const partition = {
    leaderId: raft.config.nodeId,
    leaderEpoch: raft.epoch,
    highWatermark: role.highWatermark,
    currentVoters: raft.config.voters.map((id) => describeVoter(raft, role, id, nowMs)),
    observers: [...role.observers]
      .filter(([, progress]) => nowMs - progress.lastFetchMs <= OBSERVER_SESSION_MS)
      .map(([id, progress]) => describeReplica(id, progress)),
  };
  return DescribeQuorum.response.make({ topics: [{ topicName: METADATA_TOPIC, partitions: [partition] }] });
}

function answerWith(errorCode: number): DescribeQuorumResponse {
  return DescribeQuorum.response.make({ topics: [{ topicName: METADATA_TOPIC, partitions: [{ errorCode }] }] });
}

function describeVoter(raft: Raft, leader: Leader, id: number, nowMs: number) {
  const progress = leader.voters.get(id);
  if (progress !== undefined) return describeReplica(id, progress);
  return { replicaId: id, logEndOffset: raft.log.endOffset, lastFetchTimestamp: nowMs, lastCaughtUpTimestamp: nowMs };
}

function describeReplica(replicaId: number, { endOffset, lastFetchMs, lastCaughtUpMs }: ReplicaProgress) {
  return { replicaId, logEndOffset: endOffset, lastFetchTimestamp: lastFetchMs, lastCaughtUpTimestamp: lastCaughtUpMs };
}
