import { api } from '../api.ts';
import { array, int8, int16, int32, string, struct, type Value } from '../schema.ts';

/** Asks which SCRAM credentials users have. */
export const DescribeUserScramCredentials = api({
  key: 50,
  name: 'DescribeUserScramCredentials',
  versions: '0',
  flexible: 0,
  offered: { '3.9': '0', '4.0': '0', '4.1': '0', '4.2': '0' },
  listeners: ['zkBroker', 'broker', 'controller'],
  request: struct({
    users: array(
      struct({
        name: string(),
      }),
      { nullable: '0+' },
    ),
  }),
  response: struct({
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: '0+' }),
    results: array(
      struct({
        user: string(),
        errorCode: int16(),
        errorMessage: string({ nullable: '0+' }),
        credentialInfos: array(
          struct({
            mechanism: int8(),
            iterations: int32(),
          }),
        ),
      }),
    ),
  }),
});

export type DescribeUserScramCredentialsRequest = Value<typeof DescribeUserScramCredentials.request>;
export type UserName = NonNullable<DescribeUserScramCredentialsRequest['users']>[number];

export type DescribeUserScramCredentialsResponse = Value<typeof DescribeUserScramCredentials.response>;
export type DescribeUserScramCredentialsResult = DescribeUserScramCredentialsResponse['results'][number];
export type CredentialInfo = DescribeUserScramCredentialsResult['credentialInfos'][number];
