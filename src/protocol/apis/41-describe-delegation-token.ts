import { api } from '../api.ts';
import { array, bytes, int16, int32, int64, string, struct, type Value } from '../schema.ts';

/** Asks for delegation tokens. */
export const DescribeDelegationToken = api({
  key: 41,
  name: 'DescribeDelegationToken',
  versions: '0-3',
  flexible: 2,
  offered: { '3.9': '0-3', '4.0': '1-3', '4.1': '1-3', '4.2': '1-3' },
  listeners: ['zkBroker', 'broker', 'controller'],
  request: struct({
    owners: array(
      struct({
        principalType: string(),
        principalName: string(),
      }),
      { nullable: '0+' },
    ),
  }),
  response: struct({
    errorCode: int16(),
    tokens: array(
      struct({
        principalType: string(),
        principalName: string(),
        tokenRequesterPrincipalType: string({ versions: '3+' }),
        tokenRequesterPrincipalName: string({ versions: '3+' }),
        issueTimestamp: int64(),
        expiryTimestamp: int64(),
        maxTimestamp: int64(),
        tokenId: string(),
        hmac: bytes(),
        renewers: array(
          struct({
            principalType: string(),
            principalName: string(),
          }),
        ),
      }),
    ),
    throttleTimeMs: int32(),
  }),
});

export type DescribeDelegationTokenRequest = Value<typeof DescribeDelegationToken.request>;
export type DescribeDelegationTokenOwner = NonNullable<DescribeDelegationTokenRequest['owners']>[number];

export type DescribeDelegationTokenResponse = Value<typeof DescribeDelegationToken.response>;
export type DescribedDelegationToken = DescribeDelegationTokenResponse['tokens'][number];
export type DescribedDelegationTokenRenewer = DescribedDelegationToken['renewers'][number];
