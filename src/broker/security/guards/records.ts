/** Records and offsets of topics: Produce, ListOffsets, OffsetForLeaderEpoch, DeleteRecords, DescribeProducers. Fetch asks by itself. */
import { Operation, ResourceType } from '../../../protocol/acl.ts';
import { Produce, type TopicProduceData } from '../../../protocol/apis/00-produce.ts';
import { ListOffsets } from '../../../protocol/apis/02-list-offsets.ts';
import { DeleteRecords } from '../../../protocol/apis/21-delete-records.ts';
import { OffsetForLeaderEpoch } from '../../../protocol/apis/23-offset-for-leader-epoch.ts';
import { DescribeProducers } from '../../../protocol/apis/61-describe-producers.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import { type Guard, guard, part } from '../guard.ts';

const TOPIC_REFUSED = ErrorCode.TOPIC_AUTHORIZATION_FAILED;
const FIRST_PRODUCE_BY_ID = 13;

function refuseProduce(topics: readonly TopicProduceData[], errorCode: number) {
  return topics.map(({ name, topicId, partitionData }) => ({
    name,
    topicId,
    partitionResponses: partitionData.map(({ index }) => ({
      index,
      errorCode,
      baseOffset: -1,
      logAppendTimeMs: -1,
      logStartOffset: -1,
      recordErrors: [],
      errorMessage: null,
      currentLeader: { leaderId: -1, leaderEpoch: -1 },
    })),
  }));
}

const produce = guard(Produce, (asker, request, goOn) => {
  const { body, version } = request;
  const { topicData, transactionalId, acks } = body;
  if (transactionalId !== null && !asker.may(Operation.write, ResourceType.transactionalId, transactionalId)) {
    if (acks === 0) request.close();
    else {
      const responses = refuseProduce(topicData, ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
      request.respond({ responses, throttleTimeMs: 0, nodeEndpoints: [] });
    }
    return;
  }
  const { kept, refused } = part(topicData, ({ name, topicId }) => {
    const topic = version >= FIRST_PRODUCE_BY_ID ? asker.topicName(topicId) : name;
    return topic === undefined || asker.mayOnTopic(Operation.write, topic);
  });
  if (refused.length === 0) goOn(body);
  else
    goOn({ ...body, topicData: kept }, (response) => ({
      ...response,
      responses: [...response.responses, ...refuseProduce(refused, TOPIC_REFUSED)],
    }));
});

const listOffsets = guard(ListOffsets, (asker, { body }, goOn) => {
  const { kept, refused } = part(body.topics, ({ name }) => asker.mayOnTopic(Operation.describe, name));
  if (refused.length === 0) {
    goOn(body);
    return;
  }
  const answers = refused.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex }) => ({
      partitionIndex,
      errorCode: TOPIC_REFUSED,
      oldStyleOffsets: [],
      timestamp: -1,
      offset: -1,
      leaderEpoch: -1,
    })),
  }));
  goOn({ ...body, topics: kept }, (response) => ({ ...response, topics: [...response.topics, ...answers] }));
});

/** Followers of old asked it too: whoever may act for the cluster may ask of every topic. */
const offsetForLeaderEpoch = guard(OffsetForLeaderEpoch, (asker, { body }, goOn) => {
  const ofCluster = asker.mayOnCluster(Operation.clusterAction);
  const { kept, refused } = part(body.topics, ({ topic }) => ofCluster || asker.mayOnTopic(Operation.describe, topic));
  if (refused.length === 0) {
    goOn(body);
    return;
  }
  const answers = refused.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map(({ partition }) => ({
      errorCode: TOPIC_REFUSED,
      partition,
      leaderEpoch: -1,
      endOffset: -1,
    })),
  }));
  goOn({ ...body, topics: kept }, (response) => ({ ...response, topics: [...response.topics, ...answers] }));
});

const deleteRecords = guard(DeleteRecords, (asker, { body }, goOn) => {
  const { kept, refused } = part(body.topics, ({ name }) => asker.mayOnTopic(Operation.delete, name));
  if (refused.length === 0) {
    goOn(body);
    return;
  }
  const answers = refused.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex }) => ({
      partitionIndex,
      lowWatermark: -1,
      errorCode: TOPIC_REFUSED,
    })),
  }));
  goOn({ ...body, topics: kept }, (response) => ({ ...response, topics: [...response.topics, ...answers] }));
});

const describeProducers = guard(DescribeProducers, (asker, { body }, goOn) => {
  const { kept, refused } = part(body.topics, ({ name }) => asker.mayOnTopic(Operation.read, name));
  if (refused.length === 0) {
    goOn(body);
    return;
  }
  const answers = refused.map(({ name, partitionIndexes }) => ({
    name,
    partitions: partitionIndexes.map((partitionIndex) => ({
      partitionIndex,
      errorCode: TOPIC_REFUSED,
      errorMessage: null,
      activeProducers: [],
    })),
  }));
  goOn({ ...body, topics: kept }, (response) => ({ ...response, topics: [...response.topics, ...answers] }));
});

export const recordGuards: readonly Guard[] = [
  produce,
  listOffsets,
  offsetForLeaderEpoch,
  deleteRecords,
  describeProducers,
];
