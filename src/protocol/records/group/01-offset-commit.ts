import { int32, int64, string, struct, uuid, type Value } from '../../schema.ts';
import { coordinatorRecord } from '../coordinator-record.ts';

/** How far a group has read a partition. */
export const OffsetCommit = coordinatorRecord({
  id: 1,
  oldId: 0,
  name: 'OffsetCommit',
  versions: '0-4',
  flexible: 4,
  key: struct({
    group: string(),
    topic: string(),
    partition: int32(),
  }),
  value: struct({
    offset: int64(),
    leaderEpoch: int32({ versions: '3+', default: -1, ignorable: true }),
    metadata: string(),
    commitTimestamp: int64(),
    expireTimestamp: int64({ versions: '1', default: -1, ignorable: true }),
    topicId: uuid({ versions: '4+', tag: 0, ignorable: true }),
  }),
});

export type OffsetCommitKey = Value<typeof OffsetCommit.key>;
export type OffsetCommitValue = Value<typeof OffsetCommit.value>;
