import { api } from '../api.ts';
import { array, bool, int16, int32, int64, nested, string, struct, uint16, type Value } from '../schema.ts';

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

const Endpoint = struct({
  host: string(),
  port: uint16(),
});

const TaskOffset = struct({
  subtopologyId: string(),
  partition: int32(),
  offset: int64(),
});

const TaskIds = struct({
  subtopologyId: string(),
  partitions: array(int32()),
});

const Assignment = struct({
  activeTasks: array(TaskIds),
  standbyTasks: array(TaskIds),
  warmupTasks: array(TaskIds),
});

/** Asks for the state, topology and members of streams groups. */
export const StreamsGroupDescribe = api({
  key: 89,
  name: 'StreamsGroupDescribe',
  versions: '0',
  flexible: 0,
  offered: { '4.2': '0' },
  listeners: ['broker'],
  request: struct({
    groupIds: array(string()),
    includeAuthorizedOperations: bool(),
  }),
  response: struct({
    throttleTimeMs: int32(),
    groups: array(
      struct({
        errorCode: int16(),
        errorMessage: string({ nullable: '0+', default: null }),
        groupId: string(),
        groupState: string(),
        groupEpoch: int32(),
        assignmentEpoch: int32(),
        topology: struct(
          {
            epoch: int32(),
            subtopologies: array(
              struct({
                subtopologyId: string(),
                sourceTopics: array(string()),
                repartitionSinkTopics: array(string()),
                stateChangelogTopics: array(TopicInfo),
                repartitionSourceTopics: array(TopicInfo),
              }),
              { nullable: '0+', default: null },
            ),
          },
          { nullable: '0+', default: null },
        ),
        members: array(
          struct({
            memberId: string(),
            memberEpoch: int32(),
            instanceId: string({ nullable: '0+', default: null }),
            rackId: string({ nullable: '0+', default: null }),
            clientId: string(),
            clientHost: string(),
            topologyEpoch: int32(),
            processId: string(),
            userEndpoint: nested(Endpoint, { nullable: '0+', default: null }),
            clientTags: array(KeyValue),
            taskOffsets: array(TaskOffset),
            taskEndOffsets: array(TaskOffset),
            assignment: nested(Assignment),
            targetAssignment: nested(Assignment),
            isClassic: bool(),
          }),
        ),
        authorizedOperations: int32({ default: -2147483648 }),
      }),
    ),
  }),
});

export type StreamsGroupDescribeRequest = Value<typeof StreamsGroupDescribe.request>;

export type StreamsGroupDescribeResponse = Value<typeof StreamsGroupDescribe.response>;
export type StreamsGroupDescribeResponseDescribedGroup = StreamsGroupDescribeResponse['groups'][number];
export type StreamsGroupDescribeResponseTopology = NonNullable<StreamsGroupDescribeResponseDescribedGroup['topology']>;
export type StreamsGroupDescribeResponseSubtopology = NonNullable<
  StreamsGroupDescribeResponseTopology['subtopologies']
>[number];
export type TopicInfo = Value<typeof TopicInfo>;
export type KeyValue = Value<typeof KeyValue>;
export type StreamsGroupDescribeResponseMember = StreamsGroupDescribeResponseDescribedGroup['members'][number];
export type Endpoint = Value<typeof Endpoint>;
export type TaskOffset = Value<typeof TaskOffset>;
export type Assignment = Value<typeof Assignment>;
export type TaskIds = Value<typeof TaskIds>;
