import { api } from '../api.ts';
import { int16, int32, string, struct, type Value } from '../schema.ts';

/** Removes a broker's registration. */
export const UnregisterBroker = api({
  key: 64,
  name: 'UnregisterBroker',
  versions: '0',
  flexible: 0,
  offered: { '3.9': '0', '4.0': '0', '4.1': '0', '4.2': '0' },
  listeners: ['broker', 'controller'],
  request: struct({
    brokerId: int32(),
  }),
  response: struct({
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: '0+' }),
  }),
});

export type UnregisterBrokerRequest = Value<typeof UnregisterBroker.request>;

export type UnregisterBrokerResponse = Value<typeof UnregisterBroker.response>;
