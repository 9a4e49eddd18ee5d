import { api } from '../api.ts';
import { bytes, int16, int32, int64, struct, type Value } from '../schema.ts';

/** Ends a delegation token, or changes when it ends. */
export const ExpireDelegationToken = api({
  key: 40,
  name: 'ExpireDelegationToken',
  versions: '0-2',
  flexible: 2,
  offered: { '3.9': '0-2', '4.0': '1-2', '4.1': '1-2', '4.2': '1-2' },
  listeners: ['zkBroker', 'broker', 'controller'],
  request: struct({
    hmac: bytes(),
    expiryTimePeriodMs: int64(),
  }),
  response: struct({
    errorCode: int16(),
    expiryTimestampMs: int64(),
    throttleTimeMs: int32(),
  }),
});

export type ExpireDelegationTokenRequest = Value<typeof ExpireDelegationToken.request>;

export type ExpireDelegationTokenResponse = Value<typeof ExpireDelegationToken.response>;
