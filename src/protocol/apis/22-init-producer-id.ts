import { api } from '../api.ts';
import { int16, int32, int64, string, struct, type Value } from '../schema.ts';

/** A producer asks for a producer id and epoch; for a transactional id this fences older producers. */
export const InitProducerId = api({
  key: 22,
  name: 'InitProducerId',
  versions: '0-5',
  flexible: 2,
  offered: { '3.9': '0-5', '4.0': '0-5', '4.1': '0-5', '4.2': '0-5' },
  listeners: ['zkBroker', 'broker'],
  request: struct({
    transactionalId: string({ nullable: '0+' }),
    transactionTimeoutMs: int32(),
    producerId: int64({ versions: '3+', default: -1 }),
    producerEpoch: int16({ versions: '3+', default: -1 }),
  }),
  response: struct({
    throttleTimeMs: int32(),
    errorCode: int16(),
    producerId: int64({ default: -1 }),
    producerEpoch: int16(),
  }),
});

export type InitProducerIdRequest = Value<typeof InitProducerId.request>;

export type InitProducerIdResponse = Value<typeof InitProducerId.response>;
