import { api } from '../api.ts';
import { array, bytes, int16, int32, int64, string, struct, type Value } from '../schema.ts';

/** Creates a delegation token. */
export const CreateDelegationToken = api({
  key: 38,
  name: 'CreateDelegationToken',
  versions: '0-3',
  flexible: 2,
  offered: { '3.9': '0-3', '4.0': '1-3', '4.1': '1-3', '4.2': '1-3' },
  listeners: ['zkBroker', 'broker', 'controller'],
  request: struct({
    ownerPrincipalType: string({ versions: '3+', nullable: '0+' }),
    ownerPrincipalName: string({ versions: '3+', nullable: '0+' }),
    renewers: array(
      struct({
        principalType: string(),
        principalName: string(),
      }),
    ),
    maxLifetimeMs: int64(),
  }),
  response: struct({
    errorCode: int16(),
    principalType: string(),
    principalName: string(),
    tokenRequesterPrincipalType: string({ versions: '3+' }),
    tokenRequesterPrincipalName: string({ versions: '3+' }),
    issueTimestampMs: int64(),
    expiryTimestampMs: int64(),
    maxTimestampMs: int64(),
    tokenId: string(),
    hmac: bytes(),
    throttleTimeMs: int32(),
  }),
});

export type CreateDelegationTokenRequest = Value<typeof CreateDelegationToken.request>;
export type CreatableRenewers = CreateDelegationTokenRequest['renewers'][number];

export type CreateDelegationTokenResponse = Value<typeof CreateDelegationToken.response>;
