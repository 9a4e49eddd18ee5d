import { api } from '../api.ts';
import { int16, int32, int64, struct, type Value } from '../schema.ts';

/** A broker asks the controller for a block of producer ids. */
export const AllocateProducerIds = api({
  key: 67,
  name: 'AllocateProducerIds',
  versions: '0',
  flexible: 0,
  offered: { '3.9': '0', '4.0': '0', '4.1': '0', '4.2': '0' },
  listeners: ['zkBroker', 'controller'],
  request: struct({
    brokerId: int32(),
    brokerEpoch: int64({ default: -1 }),
  }),
  response: struct({
    throttleTimeMs: int32(),
    errorCode: int16(),
    producerIdStart: int64(),
    producerIdLen: int32(),
  }),
});

export type AllocateProducerIdsRequest = Value<typeof AllocateProducerIds.request>;

export type AllocateProducerIdsResponse = Value<typeof AllocateProducerIds.response>;
