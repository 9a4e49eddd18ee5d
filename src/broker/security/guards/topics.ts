/** Topics as such: Metadata, DescribeTopicPartitions, CreateTopics, DeleteTopics, CreatePartitions. */
import { CLUSTER_NAME, Operation, ResourceType } from '../../../protocol/acl.ts';
import { Metadata, type MetadataResponse, type MetadataResponseTopic } from '../../../protocol/apis/03-metadata.ts';
import { CreateTopics } from '../../../protocol/apis/19-create-topics.ts';
import { DeleteTopics } from '../../../protocol/apis/20-delete-topics.ts';
import { CreatePartitions } from '../../../protocol/apis/37-create-partitions.ts';
import { DescribeTopicPartitions } from '../../../protocol/apis/75-describe-topic-partitions.ts';
import { ErrorCode, errorMeaning } from '../../../protocol/errors.ts';
import { ZERO_UUID } from '../../../protocol/uuid.ts';
import { isInternalTopic } from '../../internal-topics.ts';
import { type Asker, type Guard, guard, part } from '../guard.ts';

const REFUSED = {
  errorCode: ErrorCode.TOPIC_AUTHORIZATION_FAILED,
  errorMessage: errorMeaning(ErrorCode.TOPIC_AUTHORIZATION_FAILED),
};
const NOT_ASKED = -2147483648;
const FIRST_METADATA_THAT_ASKS_TO_CREATE = 4;

/** Whether it exists is not told. By id only the id is named again, by name only the name. */
function refusedTopic(name: string | null, topicId: string): MetadataResponseTopic {
  return {
    errorCode: ErrorCode.TOPIC_AUTHORIZATION_FAILED,
    name,
    topicId,
    isInternal: name !== null && isInternalTopic(name),
    partitions: [],
    topicAuthorizedOperations: NOT_ASKED,
  };
}

const metadata = guard(Metadata, (asker, { body, version }, goOn) => {
  const mayDescribe = (topic: string): boolean => asker.mayOnTopic(Operation.describe, topic);
  if (body.topics === null || (version === 0 && body.topics.length === 0)) {
    goOn(body, (response) =>
      withOperations(asker, { ...response, topics: response.topics.filter(({ name }) => mayDescribe(name ?? '')) }),
    );
    return;
  }
  const describable = part(body.topics, ({ name, topicId }) => {
    const topic = name ?? asker.topicName(topicId);
    return topic === undefined || mayDescribe(topic);
  });
  const creates = version < FIRST_METADATA_THAT_ASKS_TO_CREATE || body.allowAutoTopicCreation;
  const { topics: known } = asker.services.coordination.image;
  const creatable = part(describable.kept, ({ name }) => {
    if (name === null || known.has(name) || !creates || !asker.services.settings.autoCreateTopics) return true;
    return mayCreate(asker, name);
  });
  const refused = [...describable.refused, ...creatable.refused].map(({ name, topicId }) =>
    refusedTopic(name, topicId),
  );
  const { kept } = creatable;
  goOn({ ...body, topics: kept }, (response) => {
    // In version 0 an empty list asks for every topic.
    const topics = kept.length === 0 ? [] : response.topics;
    return withOperations(asker, { ...response, topics: [...topics, ...refused] });
  });
});

function mayCreate(asker: Asker, topic: string): boolean {
  return asker.mayOnCluster(Operation.create) || asker.mayOnTopic(Operation.create, topic);
}

/** In the place of "everything": what the asker may do. */
function withOperations(asker: Asker, response: MetadataResponse): MetadataResponse {
  const topics = response.topics.map((topic) => {
    if (topic.errorCode !== ErrorCode.NONE || topic.topicAuthorizedOperations === NOT_ASKED) return topic;
    return { ...topic, topicAuthorizedOperations: asker.operationsOn(ResourceType.topic, topic.name ?? '') };
  });
  const { clusterAuthorizedOperations } = response;
  return { ...response, topics, clusterAuthorizedOperations: clusterOperations(asker, clusterAuthorizedOperations) };
}

export function clusterOperations(asker: Asker, operations: number): number {
  if (operations === NOT_ASKED) return operations;
  if (!asker.mayOnCluster(Operation.describe)) return 0;
  return asker.operationsOn(ResourceType.cluster, CLUSTER_NAME);
}

const describeTopicPartitions = guard(DescribeTopicPartitions, (asker, { body }, goOn) => {
  const mayDescribe = (topic: string): boolean => asker.mayOnTopic(Operation.describe, topic);
  const operations = (topic: string) => asker.operationsOn(ResourceType.topic, topic);
  const all = body.topics.length === 0;
  goOn(body, (response) => ({
    ...response,
    topics: response.topics.flatMap((topic) => {
      const name = topic.name ?? '';
      if (mayDescribe(name)) return { ...topic, topicAuthorizedOperations: operations(name) };
      if (all) return [];
      const { errorCode } = REFUSED;
      return { ...topic, errorCode, topicId: ZERO_UUID, partitions: [], topicAuthorizedOperations: NOT_ASKED };
    }),
  }));
});

const createTopics = guard(CreateTopics, (asker, request, goOn) => {
  const { body } = request;
  const { kept, refused } = part(body.topics, ({ name }) => mayCreate(asker, name));
  const complete = (response: ReturnType<typeof CreateTopics.response.make>) => ({
    ...response,
    topics: [
      ...response.topics.map((topic) => {
        if (topic.errorCode !== ErrorCode.NONE || asker.mayOnTopic(Operation.describeConfigs, topic.name)) return topic;
        const hidden = { numPartitions: -1, replicationFactor: -1, configs: [] };
        return { ...topic, ...hidden, topicConfigErrorCode: REFUSED.errorCode };
      }),
      ...CreateTopics.response.make({ topics: refused.map(({ name }) => ({ name, ...REFUSED, configs: [] })) }).topics,
    ],
  });
  if (kept.length === 0 && refused.length > 0) request.respond(complete(CreateTopics.response.make({})));
  else goOn({ ...body, topics: kept }, complete);
});

const deleteTopics = guard(DeleteTopics, (asker, request, goOn) => {
  const { body } = request;
  const mayDelete = (topic: string): boolean => asker.mayOnTopic(Operation.delete, topic);
  const asked = part(body.topics, ({ name, topicId }) => {
    const topic = name ?? asker.topicName(topicId);
    return topic === undefined || mayDelete(topic);
  });
  const named = part(body.topicNames, mayDelete);
  const refused = [
    ...asked.refused.map(({ name, topicId }) => {
      const topic = name ?? asker.topicName(topicId) ?? '';
      // Who may not even describe it does not learn the name of an id.
      return { name: name ?? (asker.mayOnTopic(Operation.describe, topic) ? topic : null), topicId, ...REFUSED };
    }),
    ...named.refused.map((name) => ({ name, topicId: ZERO_UUID, ...REFUSED })),
  ];
  if (refused.length === 0) goOn(body);
  else if (asked.kept.length + named.kept.length === 0)
    request.respond(DeleteTopics.response.make({ responses: refused }));
  else
    goOn({ ...body, topics: asked.kept, topicNames: named.kept }, (response) => ({
      ...response,
      responses: [...response.responses, ...refused],
    }));
});

const createPartitions = guard(CreatePartitions, (asker, request, goOn) => {
  const { body } = request;
  const { kept, refused } = part(body.topics, ({ name }) => asker.mayOnTopic(Operation.alter, name));
  const results = refused.map(({ name }) => ({ name, ...REFUSED }));
  if (refused.length === 0) goOn(body);
  else if (kept.length === 0) request.respond(CreatePartitions.response.make({ results }));
  else
    goOn({ ...body, topics: kept }, (response) => ({
      ...response,
      results: [...response.results, ...results],
    }));
});

export const topicGuards: readonly Guard[] = [
  metadata,
  describeTopicPartitions,
  createTopics,
  deleteTopics,
  createPartitions,
];
