import { api } from '../api.ts';
import { int16, int32, int64, string, struct, type Value } from '../schema.ts';

/** Adds a group's offsets partition to an open transaction. */
export const AddOffsetsToTxn = api({
  key: 25,
  name: 'AddOffsetsToTxn',
  versions: '0-4',
  flexible: 3,
  offered: { '3.9': '0-4', '4.0': '0-4', '4.1': '0-4', '4.2': '0-4' },
  listeners: ['zkBroker', 'broker'],
  request: struct({
    transactionalId: string(),
    producerId: int64(),
    producerEpoch: int16(),
    groupId: string(),
  }),
  response: struct({
    throttleTimeMs: int32(),
    errorCode: int16(),
  }),
});

export type AddOffsetsToTxnRequest = Value<typeof AddOffsetsToTxn.request>;

export type AddOffsetsToTxnResponse = Value<typeof AddOffsetsToTxn.response>;
