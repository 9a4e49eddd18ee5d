import { api } from '../api.ts';
import { array, bool, int8, int16, int32, string, struct, uuid, type Value } from '../schema.ts';

/** Creates topics. */
export const CreateTopics = api({
  key: 19,
  name: 'CreateTopics',
  versions: '0-7',
  flexible: 5,
  offered: { '3.9': '0-7', '4.0': '2-7', '4.1': '2-7', '4.2': '2-7' },
  listeners: ['zkBroker', 'broker', 'controller'],
  request: struct({
    topics: array(
      struct({
        name: string(),
        numPartitions: int32(),
        replicationFactor: int16(),
        assignments: array(
          struct({
            partitionIndex: int32(),
            brokerIds: array(int32()),
          }),
        ),
        configs: array(
          struct({
            name: string(),
            value: string({ nullable: '0+' }),
          }),
        ),
      }),
    ),
    timeoutMs: int32({ default: 60000 }),
    validateOnly: bool({ versions: '1+' }),
  }),
  response: struct({
    throttleTimeMs: int32({ versions: '2+', ignorable: true }),
    topics: array(
      struct({
        name: string(),
        topicId: uuid({ versions: '7+', ignorable: true }),
        errorCode: int16(),
        errorMessage: string({ versions: '1+', nullable: '0+', ignorable: true }),
        topicConfigErrorCode: int16({ versions: '5+', tag: 0, ignorable: true }),
        numPartitions: int32({ versions: '5+', default: -1, ignorable: true }),
        replicationFactor: int16({ versions: '5+', default: -1, ignorable: true }),
        configs: array(
          struct({
            name: string(),
            value: string({ nullable: '0+' }),
            readOnly: bool(),
            configSource: int8({ default: -1 }),
            isSensitive: bool(),
          }),
          { versions: '5+', nullable: '0+', ignorable: true },
        ),
      }),
    ),
  }),
});

export type CreateTopicsRequest = Value<typeof CreateTopics.request>;
export type CreatableTopic = CreateTopicsRequest['topics'][number];
export type CreatableReplicaAssignment = CreatableTopic['assignments'][number];
export type CreatableTopicConfig = CreatableTopic['configs'][number];

export type CreateTopicsResponse = Value<typeof CreateTopics.response>;
export type CreatableTopicResult = CreateTopicsResponse['topics'][number];
export type CreatableTopicConfigs = NonNullable<CreatableTopicResult['configs']>[number];
