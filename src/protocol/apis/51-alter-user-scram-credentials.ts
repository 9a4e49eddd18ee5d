import { api } from '../api.ts';
import { array, bytes, int8, int16, int32, string, struct, type Value } from '../schema.ts';

/** Sets or deletes users' SCRAM credentials. */
export const AlterUserScramCredentials = api({
  key: 51,
  name: 'AlterUserScramCredentials',
  versions: '0',
  flexible: 0,
  offered: { '3.9': '0', '4.0': '0', '4.1': '0', '4.2': '0' },
  listeners: ['zkBroker', 'broker', 'controller'],
  request: struct({
    deletions: array(
      struct({
        name: string(),
        mechanism: int8(),
      }),
    ),
    upsertions: array(
      struct({
        name: string(),
        mechanism: int8(),
        iterations: int32(),
        salt: bytes(),
        saltedPassword: bytes(),
      }),
    ),
  }),
  response: struct({
    throttleTimeMs: int32(),
    results: array(
      struct({
        user: string(),
        errorCode: int16(),
        errorMessage: string({ nullable: '0+' }),
      }),
    ),
  }),
});

export type AlterUserScramCredentialsRequest = Value<typeof AlterUserScramCredentials.request>;
export type ScramCredentialDeletion = AlterUserScramCredentialsRequest['deletions'][number];
export type ScramCredentialUpsertion = AlterUserScramCredentialsRequest['upsertions'][number];

export type AlterUserScramCredentialsResponse = Value<typeof AlterUserScramCredentials.response>;
export type AlterUserScramCredentialsResult = AlterUserScramCredentialsResponse['results'][number];
