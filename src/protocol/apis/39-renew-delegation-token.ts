import { api } from '../api.ts';
import { bytes, int16, int32, int64, struct, type Value } from '../schema.ts';

/** Renews a delegation token. */
export const RenewDelegationToken = api({
  key: 39,
  name: 'RenewDelegationToken',
  versions: '0-2',
  flexible: 2,
  offered: { '3.9': '0-2', '4.0': '1-2', '4.1': '1-2', '4.2': '1-2' },
  listeners: ['zkBroker', 'broker', 'controller'],
  request: struct({
    hmac: bytes(),
    renewPeriodMs: int64(),
  }),
  response: struct({
    errorCode: int16(),
    expiryTimestampMs: int64(),
    throttleTimeMs: int32(),
  }),
});

export type RenewDelegationTokenRequest = Value<typeof RenewDelegationToken.request>;

export type RenewDelegationTokenResponse = Value<typeof RenewDelegationToken.response>;
