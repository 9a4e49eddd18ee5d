import { api } from '../api.ts';
import { array, int16, int32, string, struct, type Value } from '../schema.ts';

/** Members leave a classic group. */
export const LeaveGroup = api({
  key: 13,
  name: 'LeaveGroup',
  versions: '0-5',
  flexible: 4,
  offered: { '3.9': '0-5', '4.0': '0-5', '4.1': '0-5', '4.2': '0-5' },
  listeners: ['zkBroker', 'broker'],
  request: struct({
    groupId: string(),
    memberId: string({ versions: '0-2' }),
    members: array(
      struct({
        memberId: string(),
        groupInstanceId: string({ nullable: '0+', default: null }),
        reason: string({ versions: '5+', nullable: '0+', default: null, ignorable: true }),
      }),
      { versions: '3+' },
    ),
  }),
  response: struct({
    throttleTimeMs: int32({ versions: '1+', ignorable: true }),
    errorCode: int16(),
    members: array(
      struct({
        memberId: string(),
        groupInstanceId: string({ nullable: '0+' }),
        errorCode: int16(),
      }),
      { versions: '3+' },
    ),
  }),
});

export type LeaveGroupRequest = Value<typeof LeaveGroup.request>;
export type MemberIdentity = LeaveGroupRequest['members'][number];

export type LeaveGroupResponse = Value<typeof LeaveGroup.response>;
export type MemberResponse = LeaveGroupResponse['members'][number];
