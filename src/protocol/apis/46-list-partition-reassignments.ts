import { api } from '../api.ts';
import { array, int16, int32, string, struct, type Value } from '../schema.ts';

/** Asks which moves of partitions are under way. */
export const ListPartitionReassignments = api({
  key: 46,
  name: 'ListPartitionReassignments',
  versions: '0',
  flexible: 0,
  offered: { '3.9': '0', '4.0': '0', '4.1': '0', '4.2': '0' },
  listeners: ['zkBroker', 'broker', 'controller'],
  request: struct({
    timeoutMs: int32({ default: 60000 }),
    topics: array(
      struct({
        name: string(),
        partitionIndexes: array(int32()),
      }),
      { nullable: '0+', default: null },
    ),
  }),
  response: struct({
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: '0+' }),
    topics: array(
      struct({
        name: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            replicas: array(int32()),
            addingReplicas: array(int32()),
            removingReplicas: array(int32()),
          }),
        ),
      }),
    ),
  }),
});

export type ListPartitionReassignmentsRequest = Value<typeof ListPartitionReassignments.request>;
export type ListPartitionReassignmentsTopics = NonNullable<ListPartitionReassignmentsRequest['topics']>[number];

export type ListPartitionReassignmentsResponse = Value<typeof ListPartitionReassignments.response>;
export type OngoingTopicReassignment = ListPartitionReassignmentsResponse['topics'][number];
export type OngoingPartitionReassignment = OngoingTopicReassignment['partitions'][number];
