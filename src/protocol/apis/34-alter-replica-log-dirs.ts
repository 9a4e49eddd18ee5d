import { api } from '../api.ts';
import { array, int16, int32, string, struct, type Value } from '../schema.ts';

/** Moves replicas to other log directories of their broker. */
export const AlterReplicaLogDirs = api({
  key: 34,
  name: 'AlterReplicaLogDirs',
  versions: '0-2',
  flexible: 2,
  offered: { '3.9': '0-2', '4.0': '1-2', '4.1': '1-2', '4.2': '1-2' },
  listeners: ['zkBroker', 'broker'],
  request: struct({
    dirs: array(
      struct({
        path: string(),
        topics: array(
          struct({
            name: string(),
            partitions: array(int32()),
          }),
        ),
      }),
    ),
  }),
  response: struct({
    throttleTimeMs: int32(),
    results: array(
      struct({
        topicName: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            errorCode: int16(),
          }),
        ),
      }),
    ),
  }),
});

export type AlterReplicaLogDirsRequest = Value<typeof AlterReplicaLogDirs.request>;
export type AlterReplicaLogDir = AlterReplicaLogDirsRequest['dirs'][number];
export type AlterReplicaLogDirTopic = AlterReplicaLogDir['topics'][number];

export type AlterReplicaLogDirsResponse = Value<typeof AlterReplicaLogDirs.response>;
export type AlterReplicaLogDirTopicResult = AlterReplicaLogDirsResponse['results'][number];
export type AlterReplicaLogDirPartitionResult = AlterReplicaLogDirTopicResult['partitions'][number];
