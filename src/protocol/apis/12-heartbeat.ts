import { api } from '../api.ts';
import { int16, int32, string, struct, type Value } from '../schema.ts';

/** A member of a classic group says that it is alive, and learns of rebalances. */
export const Heartbeat = api({
  key: 12,
  name: 'Heartbeat',
  versions: '0-4',
  flexible: 4,
  offered: { '3.9': '0-4', '4.0': '0-4', '4.1': '0-4', '4.2': '0-4' },
  listeners: ['zkBroker', 'broker'],
  request: struct({
    groupId: string(),
    generationId: int32(),
    memberId: string(),
    groupInstanceId: string({ versions: '3+', nullable: '0+', default: null }),
  }),
  response: struct({
    throttleTimeMs: int32({ versions: '1+', ignorable: true }),
    errorCode: int16(),
  }),
});

export type HeartbeatRequest = Value<typeof Heartbeat.request>;

export type HeartbeatResponse = Value<typeof Heartbeat.response>;
