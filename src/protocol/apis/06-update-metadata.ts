import { api } from '../api.ts';
import { array, bool, int8, int16, int32, int64, string, struct, uuid, type Value } from '../schema.ts';

const UpdateMetadataPartitionState = struct({
  topicName: string({ versions: '0-4', ignorable: true }),
  partitionIndex: int32(),
  controllerEpoch: int32(),
  leader: int32(),
  leaderEpoch: int32(),
  isr: array(int32()),
  zkVersion: int32(),
  replicas: array(int32()),
  offlineReplicas: array(int32(), { versions: '4+', ignorable: true }),
});

/** The ZooKeeper-mode controller tells a broker what it may answer to Metadata requests. */
export const UpdateMetadata = api({
  key: 6,
  name: 'UpdateMetadata',
  versions: '0-8',
  flexible: 6,
  offered: { '3.9': '0-8' },
  listeners: ['zkBroker'],
  request: struct({
    controllerId: int32(),
    isKRaftController: bool({ versions: '8+' }),
    type: int8({ versions: '8+', tag: 0 }),
    controllerEpoch: int32(),
    brokerEpoch: int64({ versions: '5+', default: -1, ignorable: true }),
    ungroupedPartitionStates: array(UpdateMetadataPartitionState, { versions: '0-4' }),
    topicStates: array(
      struct({
        topicName: string(),
        topicId: uuid({ versions: '7+', ignorable: true }),
        partitionStates: array(UpdateMetadataPartitionState),
      }),
      { versions: '5+' },
    ),
    liveBrokers: array(
      struct({
        id: int32(),
        v0Host: string({ versions: '0', ignorable: true }),
        v0Port: int32({ versions: '0', ignorable: true }),
        endpoints: array(
          struct({
            port: int32(),
            host: string(),
            listener: string({ versions: '3+', ignorable: true }),
            securityProtocol: int16(),
          }),
          { versions: '1+', ignorable: true },
        ),
        rack: string({ versions: '2+', nullable: '0+', ignorable: true }),
      }),
    ),
  }),
  response: struct({
    errorCode: int16(),
  }),
});

export type UpdateMetadataRequest = Value<typeof UpdateMetadata.request>;
export type UpdateMetadataPartitionState = Value<typeof UpdateMetadataPartitionState>;
export type UpdateMetadataTopicState = UpdateMetadataRequest['topicStates'][number];
export type UpdateMetadataBroker = UpdateMetadataRequest['liveBrokers'][number];
export type UpdateMetadataEndpoint = UpdateMetadataBroker['endpoints'][number];

export type UpdateMetadataResponse = Value<typeof UpdateMetadata.response>;
