import { api } from '../api.ts';
import { array, bool, bytes, int16, int32, string, struct, type Value } from '../schema.ts';

/** A member joins a classic group, and waits for the rebalance to gather all members. */
export const JoinGroup = api({
  key: 11,
  name: 'JoinGroup',
  versions: '0-9',
  flexible: 6,
  offered: { '3.9': '0-9', '4.0': '0-9', '4.1': '0-9', '4.2': '0-9' },
  listeners: ['zkBroker', 'broker'],
  request: struct({
    groupId: string(),
    sessionTimeoutMs: int32(),
    rebalanceTimeoutMs: int32({ versions: '1+', default: -1, ignorable: true }),
    memberId: string(),
    groupInstanceId: string({ versions: '5+', nullable: '0+', default: null }),
    protocolType: string(),
    protocols: array(
      struct({
        name: string(),
        metadata: bytes(),
      }),
    ),
    reason: string({ versions: '8+', nullable: '0+', default: null, ignorable: true }),
  }),
  response: struct({
    throttleTimeMs: int32({ versions: '2+', ignorable: true }),
    errorCode: int16(),
    generationId: int32({ default: -1 }),
    protocolType: string({ versions: '7+', nullable: '0+', default: null, ignorable: true }),
    protocolName: string({ nullable: '7+' }),
    leader: string(),
    skipAssignment: bool({ versions: '9+' }),
    memberId: string(),
    members: array(
      struct({
        memberId: string(),
        groupInstanceId: string({ versions: '5+', nullable: '0+', default: null, ignorable: true }),
        metadata: bytes(),
      }),
    ),
  }),
});

export type JoinGroupRequest = Value<typeof JoinGroup.request>;
export type JoinGroupRequestProtocol = JoinGroupRequest['protocols'][number];

export type JoinGroupResponse = Value<typeof JoinGroup.response>;
export type JoinGroupResponseMember = JoinGroupResponse['members'][number];
