import { api } from '../api.ts';
import { array, bool, int8, int16, int32, int64, nested, string, struct, uint16, type Value } from '../schema.ts';

const KeyValue = struct({
  key: string(),
  value: string(),
});

const TopicInfo = struct({
  name: string(),
  partitions: int32(),
  replicationFactor: int16(),
  topicConfigs: array(KeyValue),
});

const TaskIds = struct({
  subtopologyId: string(),
  partitions: array(int32()),
});

const Endpoint = struct({
  host: string(),
  port: uint16(),
});

const TaskOffset = struct({
  subtopologyId: string(),
  partition: int32(),
  offset: int64(),
});

const Status = struct({
  statusCode: int8(),
  statusDetail: string(),
});

const TopicPartition = struct({
  topic: string(),
  partitions: array(int32()),
});

/** A member of a streams group (KIP-1071) says what it runs and learns its tasks. */
export const StreamsGroupHeartbeat = api({
  key: 88,
  name: 'StreamsGroupHeartbeat',
  versions: '0',
  flexible: 0,
  offered: { '4.2': '0' },
  listeners: ['broker'],
  request: struct({
    groupId: string(),
    memberId: string(),
    memberEpoch: int32(),
    endpointInformationEpoch: int32(),
    instanceId: string({ nullable: '0+', default: null }),
    rackId: string({ nullable: '0+', default: null }),
    rebalanceTimeoutMs: int32({ default: -1 }),
    topology: struct(
      {
        epoch: int32(),
        subtopologies: array(
          struct({
            subtopologyId: string(),
            sourceTopics: array(string()),
            sourceTopicRegex: array(string()),
            stateChangelogTopics: array(TopicInfo),
            repartitionSinkTopics: array(string()),
            repartitionSourceTopics: array(TopicInfo),
            copartitionGroups: array(
              struct({
                sourceTopics: array(int16()),
                sourceTopicRegex: array(int16()),
                repartitionSourceTopics: array(int16()),
              }),
            ),
          }),
        ),
      },
      { nullable: '0+', default: null },
    ),
    activeTasks: array(TaskIds, { nullable: '0+', default: null }),
    standbyTasks: array(TaskIds, { nullable: '0+', default: null }),
    warmupTasks: array(TaskIds, { nullable: '0+', default: null }),
    processId: string({ nullable: '0+', default: null }),
    userEndpoint: nested(Endpoint, { nullable: '0+', default: null }),
    clientTags: array(KeyValue, { nullable: '0+', default: null }),
    taskOffsets: array(TaskOffset, { nullable: '0+', default: null }),
    taskEndOffsets: array(TaskOffset, { nullable: '0+', default: null }),
    shutdownApplication: bool(),
  }),
  response: struct({
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: '0+', default: null }),
    memberId: string(),
    memberEpoch: int32(),
    heartbeatIntervalMs: int32(),
    acceptableRecoveryLag: int32(),
    taskOffsetIntervalMs: int32(),
    status: array(Status, { nullable: '0+' }),
    activeTasks: array(TaskIds, { nullable: '0+', default: null }),
    standbyTasks: array(TaskIds, { nullable: '0+', default: null }),
    warmupTasks: array(TaskIds, { nullable: '0+', default: null }),
    endpointInformationEpoch: int32(),
    partitionsByUserEndpoint: array(
      struct({
        userEndpoint: nested(Endpoint),
        activePartitions: array(TopicPartition),
        standbyPartitions: array(TopicPartition),
      }),
      { nullable: '0+', default: null },
    ),
  }),
});

export type StreamsGroupHeartbeatRequest = Value<typeof StreamsGroupHeartbeat.request>;
export type StreamsGroupHeartbeatRequestTopology = NonNullable<StreamsGroupHeartbeatRequest['topology']>;
export type StreamsGroupHeartbeatRequestSubtopology = StreamsGroupHeartbeatRequestTopology['subtopologies'][number];
export type TopicInfo = Value<typeof TopicInfo>;
export type KeyValue = Value<typeof KeyValue>;
export type CopartitionGroup = StreamsGroupHeartbeatRequestSubtopology['copartitionGroups'][number];
export type TaskIds = Value<typeof TaskIds>;
export type Endpoint = Value<typeof Endpoint>;
export type TaskOffset = Value<typeof TaskOffset>;

export type StreamsGroupHeartbeatResponse = Value<typeof StreamsGroupHeartbeat.response>;
export type Status = Value<typeof Status>;
export type EndpointToPartitions = NonNullable<StreamsGroupHeartbeatResponse['partitionsByUserEndpoint']>[number];
export type TopicPartition = Value<typeof TopicPartition>;
