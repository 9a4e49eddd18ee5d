/**
 * OffsetForLeaderEpoch, versions as the release offers them (3.9: 0–4, 4.2: 2–4).
 *
 * Where a leader epoch ended in the leader's log: how consumers, and followers of before KIP-595, find where histories part
 * (KIP-101, KIP-279, KIP-320). Kafka's `Partition.lastOffsetForLeaderEpoch`.
 */
import { OffsetForLeaderEpoch } from '../../protocol/apis/23-offset-for-leader-epoch.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { type BrokerServices, handler } from '../services.ts';

interface Question {
  readonly partition: number;
  readonly currentLeaderEpoch: number;
  readonly leaderEpoch: number;
}

export const offsetForLeaderEpoch = handler(OffsetForLeaderEpoch, (services, request) => {
  const topics = request.body.topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map((question) => answer(services, topic, question)),
  }));
  request.respond({ throttleTimeMs: 0, topics });
});

function answer({ replicas }: BrokerServices, topic: string, question: Question) {
  const partition = replicas.get(topic, question.partition);
  let errorCode = partition === undefined ? replicas.lookupError(topic, question.partition) : ErrorCode.NONE;
  if (partition !== undefined) errorCode = partition.epochError(question.currentLeaderEpoch);
  if (partition !== undefined && errorCode === ErrorCode.NONE && !partition.leads)
    errorCode = ErrorCode.NOT_LEADER_OR_FOLLOWER;
  if (partition === undefined || errorCode !== ErrorCode.NONE)
    return { errorCode, partition: question.partition, leaderEpoch: -1, endOffset: -1 };
  const { log } = partition;
  return {
    errorCode,
    partition: question.partition,
    ...log.epochs.endOffsetFor(question.leaderEpoch, log.logEndOffset),
  };
}
