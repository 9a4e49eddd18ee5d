import { api } from '../api.ts';
import { bytes, int16, int64, string, struct, type Value } from '../schema.ts';

/** Carries one step of a SASL exchange. */
export const SaslAuthenticate = api({
  key: 36,
  name: 'SaslAuthenticate',
  versions: '0-2',
  flexible: 2,
  offered: { '3.9': '0-2', '4.0': '0-2', '4.1': '0-2', '4.2': '0-2' },
  listeners: ['zkBroker', 'broker', 'controller'],
  request: struct({
    authBytes: bytes(),
  }),
  response: struct({
    errorCode: int16(),
    errorMessage: string({ nullable: '0+' }),
    authBytes: bytes(),
    sessionLifetimeMs: int64({ versions: '1+', ignorable: true }),
  }),
});

export type SaslAuthenticateRequest = Value<typeof SaslAuthenticate.request>;

export type SaslAuthenticateResponse = Value<typeof SaslAuthenticate.response>;
