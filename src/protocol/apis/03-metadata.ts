import { api } from '../api.ts';
import { array, bool, int16, int32, string, struct, uuid, type Value } from '../schema.ts';

/** Asks which brokers there are, which topics, and who leads their partitions. */
export const Metadata = api({
  key: 3,
  name: 'Metadata',
  versions: '0-13',
  flexible: 9,
  offered: { '3.9': '0-12', '4.0': '0-13', '4.1': '0-13', '4.2': '0-13' },
  listeners: ['zkBroker', 'broker'],
  request: struct({
    topics: array(
      struct({
        topicId: uuid({ versions: '10+', ignorable: true }),
        name: string({ nullable: '10+' }),
      }),
      { nullable: '1+' },
    ),
    allowAutoTopicCreation: bool({ versions: '4+', default: true }),
    includeClusterAuthorizedOperations: bool({ versions: '8-10' }),
    includeTopicAuthorizedOperations: bool({ versions: '8+' }),
  }),
  response: struct({
    throttleTimeMs: int32({ versions: '3+', ignorable: true }),
    brokers: array(
      struct({
        nodeId: int32(),
        host: string(),
        port: int32(),
        rack: string({ versions: '1+', nullable: '0+', default: null, ignorable: true }),
      }),
    ),
    clusterId: string({ versions: '2+', nullable: '0+', default: null, ignorable: true }),
    controllerId: int32({ versions: '1+', default: -1, ignorable: true }),
    topics: array(
      struct({
        errorCode: int16(),
        name: string({ nullable: '12+' }),
        topicId: uuid({ versions: '10+', ignorable: true }),
        isInternal: bool({ versions: '1+', ignorable: true }),
        partitions: array(
          struct({
            errorCode: int16(),
            partitionIndex: int32(),
            leaderId: int32(),
            leaderEpoch: int32({ versions: '7+', default: -1, ignorable: true }),
            replicaNodes: array(int32()),
            isrNodes: array(int32()),
            offlineReplicas: array(int32(), { versions: '5+', ignorable: true }),
          }),
        ),
        topicAuthorizedOperations: int32({ versions: '8+', default: -2147483648 }),
      }),
    ),
    clusterAuthorizedOperations: int32({ versions: '8-10', default: -2147483648 }),
    errorCode: int16({ versions: '13+', ignorable: true }),
  }),
});

export type MetadataRequest = Value<typeof Metadata.request>;
export type MetadataRequestTopic = NonNullable<MetadataRequest['topics']>[number];

export type MetadataResponse = Value<typeof Metadata.response>;
export type MetadataResponseBroker = MetadataResponse['brokers'][number];
export type MetadataResponseTopic = MetadataResponse['topics'][number];
export type MetadataResponsePartition = MetadataResponseTopic['partitions'][number];
