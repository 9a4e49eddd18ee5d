import { array, int8, int32, struct, uuid, type Value } from '../../schema.ts';
import { metadataRecord } from '../metadata-record.ts';

/** A partition was created, with its replicas, ISR and leader. */
export const PartitionRecord = metadataRecord({
  key: 3,
  name: 'PartitionRecord',
  versions: '0-2',
  schema: struct({
    partitionId: int32({ default: -1 }),
    topicId: uuid(),
    replicas: array(int32()),
    isr: array(int32()),
    removingReplicas: array(int32()),
    addingReplicas: array(int32()),
    leader: int32({ default: -1 }),
    leaderRecoveryState: int8({ tag: 0 }),
    leaderEpoch: int32({ default: -1 }),
    partitionEpoch: int32({ default: -1 }),
    directories: array(uuid(), { versions: '1+' }),
    eligibleLeaderReplicas: array(int32(), { versions: '2+', nullable: '0+', tag: 1, default: null }),
    lastKnownElr: array(int32(), { versions: '2+', nullable: '0+', tag: 2, default: null }),
  }),
});

export type PartitionRecord = Value<typeof PartitionRecord.schema>;
