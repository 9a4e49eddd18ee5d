import { api } from '../api.ts';
import { array, int16, int32, int64, struct, uuid, type Value } from '../schema.ts';

/** A KRaft broker tells the controller in which log directories its replicas stand. */
export const AssignReplicasToDirs = api({
  key: 73,
  name: 'AssignReplicasToDirs',
  versions: '0',
  flexible: 0,
  offered: { '3.9': '0', '4.0': '0', '4.1': '0', '4.2': '0' },
  listeners: ['controller'],
  request: struct({
    brokerId: int32(),
    brokerEpoch: int64({ default: -1 }),
    directories: array(
      struct({
        id: uuid(),
        topics: array(
          struct({
            topicId: uuid(),
            partitions: array(
              struct({
                partitionIndex: int32(),
              }),
            ),
          }),
        ),
      }),
    ),
  }),
  response: struct({
    throttleTimeMs: int32(),
    errorCode: int16(),
    directories: array(
      struct({
        id: uuid(),
        topics: array(
          struct({
            topicId: uuid(),
            partitions: array(
              struct({
                partitionIndex: int32(),
                errorCode: int16(),
              }),
            ),
          }),
        ),
      }),
    ),
  }),
});

export type AssignReplicasToDirsRequest = Value<typeof AssignReplicasToDirs.request>;
export type AssignReplicasToDirsRequestDirectoryData = AssignReplicasToDirsRequest['directories'][number];
export type AssignReplicasToDirsRequestTopicData = AssignReplicasToDirsRequestDirectoryData['topics'][number];
export type AssignReplicasToDirsRequestPartitionData = AssignReplicasToDirsRequestTopicData['partitions'][number];

export type AssignReplicasToDirsResponse = Value<typeof AssignReplicasToDirs.response>;
export type AssignReplicasToDirsResponseDirectoryData = AssignReplicasToDirsResponse['directories'][number];
export type AssignReplicasToDirsResponseTopicData = AssignReplicasToDirsResponseDirectoryData['topics'][number];
export type AssignReplicasToDirsResponsePartitionData = AssignReplicasToDirsResponseTopicData['partitions'][number];
