import { array, bytes, int32, int64, string, struct, type Value } from '../../schema.ts';
import { coordinatorRecord } from '../coordinator-record.ts';

const MemberMetadata = struct({
  memberId: string(),
  groupInstanceId: string({ versions: '3+', nullable: '0+', default: null, ignorable: true }),
  clientId: string(),
  clientHost: string(),
  rebalanceTimeout: int32({ versions: '1+', default: -1, ignorable: true }),
  sessionTimeout: int32(),
  subscription: bytes(),
  assignment: bytes(),
});

/** A classic group: its generation, protocol and members. */
export const GroupMetadata = coordinatorRecord({
  id: 2,
  name: 'GroupMetadata',
  versions: '0-4',
  flexible: 4,
  key: struct({
    group: string(),
  }),
  value: struct({
    protocolType: string(),
    generation: int32(),
    protocol: string({ nullable: '0+' }),
    leader: string({ nullable: '0+' }),
    currentStateTimestamp: int64({ versions: '2+', default: -1, ignorable: true }),
    members: array(MemberMetadata),
  }),
});

export type GroupMetadataKey = Value<typeof GroupMetadata.key>;
export type GroupMetadataValue = Value<typeof GroupMetadata.value>;
export type MemberMetadata = Value<typeof MemberMetadata>;
