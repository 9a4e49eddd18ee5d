import { api } from '../api.ts';
import { array, bytes, int16, int32, string, struct, type Value } from '../schema.ts';

/** A member of a classic group asks for its assignment; the leader brings everybody's. */
export const SyncGroup = api({
  key: 14,
  name: 'SyncGroup',
  versions: '0-5',
  flexible: 4,
  offered: { '3.9': '0-5', '4.0': '0-5', '4.1': '0-5', '4.2': '0-5' },
  listeners: ['zkBroker', 'broker'],
  request: struct({
    groupId: string(),
    generationId: int32(),
    memberId: string(),
    groupInstanceId: string({ versions: '3+', nullable: '0+', default: null }),
    protocolType: string({ versions: '5+', nullable: '0+', default: null, ignorable: true }),
    protocolName: string({ versions: '5+', nullable: '0+', default: null, ignorable: true }),
    assignments: array(
      struct({
        memberId: string(),
        assignment: bytes(),
      }),
    ),
  }),
  response: struct({
    throttleTimeMs: int32({ versions: '1+', ignorable: true }),
    errorCode: int16(),
    protocolType: string({ versions: '5+', nullable: '0+', default: null, ignorable: true }),
    protocolName: string({ versions: '5+', nullable: '0+', default: null, ignorable: true }),
    assignment: bytes(),
  }),
});

export type SyncGroupRequest = Value<typeof SyncGroup.request>;
export type SyncGroupRequestAssignment = SyncGroupRequest['assignments'][number];

export type SyncGroupResponse = Value<typeof SyncGroup.response>;
