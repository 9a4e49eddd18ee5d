import { api } from '../api.ts';
import { array, bool, int16, int32, string, struct, type Value } from '../schema.ts';

/** Adds partitions to topics. */
export const CreatePartitions = api({
  key: 37,
  name: 'CreatePartitions',
  versions: '0-3',
  flexible: 2,
  offered: { '3.9': '0-3', '4.0': '0-3', '4.1': '0-3', '4.2': '0-3' },
  listeners: ['zkBroker', 'broker', 'controller'],
  request: struct({
    topics: array(
      struct({
        name: string(),
        count: int32(),
        assignments: array(
          struct({
            brokerIds: array(int32()),
          }),
          { nullable: '0+' },
        ),
      }),
    ),
    timeoutMs: int32(),
    validateOnly: bool(),
  }),
  response: struct({
    throttleTimeMs: int32(),
    results: array(
      struct({
        name: string(),
        errorCode: int16(),
        errorMessage: string({ nullable: '0+', default: null }),
      }),
    ),
  }),
});

export type CreatePartitionsRequest = Value<typeof CreatePartitions.request>;
export type CreatePartitionsTopic = CreatePartitionsRequest['topics'][number];
export type CreatePartitionsAssignment = NonNullable<CreatePartitionsTopic['assignments']>[number];

export type CreatePartitionsResponse = Value<typeof CreatePartitions.response>;
export type CreatePartitionsTopicResult = CreatePartitionsResponse['results'][number];
