import { api } from '../api.ts';
import { array, bool, int16, int32, int64, string, struct, type Value } from '../schema.ts';

/** Asks which replicas stand in which log directories, and how large they are. */
export const DescribeLogDirs = api({
  key: 35,
  name: 'DescribeLogDirs',
  versions: '0-4',
  flexible: 2,
  offered: { '3.9': '0-4', '4.0': '1-4', '4.1': '1-4', '4.2': '1-4' },
  listeners: ['zkBroker', 'broker'],
  request: struct({
    topics: array(
      struct({
        topic: string(),
        partitions: array(int32()),
      }),
      { nullable: '0+' },
    ),
  }),
  response: struct({
    throttleTimeMs: int32(),
    errorCode: int16({ versions: '3+', ignorable: true }),
    results: array(
      struct({
        errorCode: int16(),
        logDir: string(),
        topics: array(
          struct({
            name: string(),
            partitions: array(
              struct({
                partitionIndex: int32(),
                partitionSize: int64(),
                offsetLag: int64(),
                isFutureKey: bool(),
              }),
            ),
          }),
        ),
        totalBytes: int64({ versions: '4+', default: -1, ignorable: true }),
        usableBytes: int64({ versions: '4+', default: -1, ignorable: true }),
      }),
    ),
  }),
});

export type DescribeLogDirsRequest = Value<typeof DescribeLogDirs.request>;
export type DescribableLogDirTopic = NonNullable<DescribeLogDirsRequest['topics']>[number];

export type DescribeLogDirsResponse = Value<typeof DescribeLogDirs.response>;
export type DescribeLogDirsResult = DescribeLogDirsResponse['results'][number];
export type DescribeLogDirsTopic = DescribeLogDirsResult['topics'][number];
export type DescribeLogDirsPartition = DescribeLogDirsTopic['partitions'][number];
