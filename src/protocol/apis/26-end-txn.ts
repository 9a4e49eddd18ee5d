import { api } from '../api.ts';
import { bool, int16, int32, int64, string, struct, type Value } from '../schema.ts';

/** Commits or aborts a transaction. */
export const EndTxn = api({
  key: 26,
  name: 'EndTxn',
  versions: '0-5',
  flexible: 3,
  offered: { '3.9': '0-4', '4.0': '0-5', '4.1': '0-5', '4.2': '0-5' },
  listeners: ['zkBroker', 'broker'],
  request: struct({
    transactionalId: string(),
    producerId: int64(),
    producerEpoch: int16(),
    committed: bool(),
  }),
  response: struct({
    throttleTimeMs: int32(),
    errorCode: int16(),
    producerId: int64({ versions: '5+', default: -1, ignorable: true }),
    producerEpoch: int16({ versions: '5+', default: -1, ignorable: true }),
  }),
});

export type EndTxnRequest = Value<typeof EndTxn.request>;

export type EndTxnResponse = Value<typeof EndTxn.response>;
