import { api } from '../api.ts';
import { array, int16, string, struct, type Value } from '../schema.ts';

/** A client chooses the SASL mechanism. */
export const SaslHandshake = api({
  key: 17,
  name: 'SaslHandshake',
  versions: '0-1',
  flexible: null,
  offered: { '3.9': '0-1', '4.0': '0-1', '4.1': '0-1', '4.2': '0-1' },
  listeners: ['zkBroker', 'broker', 'controller'],
  request: struct({
    mechanism: string(),
  }),
  response: struct({
    errorCode: int16(),
    mechanisms: array(string()),
  }),
});

export type SaslHandshakeRequest = Value<typeof SaslHandshake.request>;

export type SaslHandshakeResponse = Value<typeof SaslHandshake.response>;
