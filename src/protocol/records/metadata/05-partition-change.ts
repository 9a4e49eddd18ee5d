import { array, int8, int32, struct, uuid, type Value } from '../../schema.ts';
import { metadataRecord } from '../metadata-record.ts';

/** Some fields of a partition changed; fields that hold their default did not. */
export const PartitionChangeRecord = metadataRecord({
  key: 5,
  name: 'PartitionChangeRecord',
  versions: '0-2',
  schema: struct({
    partitionId: int32({ default: -1 }),
    topicId: uuid(),
    isr: array(int32(), { nullable: '0+', tag: 0, default: null }),
    leader: int32({ tag: 1, default: -2 }),
    replicas: array(int32(), { nullable: '0+', tag: 2, default: null }),
    removingReplicas: array(int32(), { nullable: '0+', tag: 3, default: null }),
    addingReplicas: array(int32(), { nullable: '0+', tag: 4, default: null }),
    leaderRecoveryState: int8({ tag: 5, default: -1 }),
    directories: array(uuid(), { versions: '1+', nullable: '0+', tag: 8, default: null }),
    eligibleLeaderReplicas: array(int32(), { versions: '2+', nullable: '0+', tag: 6, default: null }),
    lastKnownElr: array(int32(), { versions: '2+', nullable: '0+', tag: 7, default: null }),
  }),
});

export type PartitionChangeRecord = Value<typeof PartitionChangeRecord.schema>;
