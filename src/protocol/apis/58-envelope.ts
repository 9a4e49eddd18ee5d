import { api } from '../api.ts';
import { bytes, int16, struct, type Value } from '../schema.ts';

/** A broker forwards a client's request to the controller, in the client's name. */
export const Envelope = api({
  key: 58,
  name: 'Envelope',
  versions: '0',
  flexible: 0,
  offered: { '3.9': '0', '4.0': '0', '4.1': '0', '4.2': '0' },
  listeners: ['zkBroker', 'controller'],
  request: struct({
    requestData: bytes(),
    requestPrincipal: bytes({ nullable: '0+' }),
    clientHostAddress: bytes(),
  }),
  response: struct({
    responseData: bytes({ nullable: '0+', default: null }),
    errorCode: int16(),
  }),
});

export type EnvelopeRequest = Value<typeof Envelope.request>;

export type EnvelopeResponse = Value<typeof Envelope.response>;
