import { defineEvents } from '../kernel/api.ts';

/** What is told of real clients where no broker tells it. */
export const outsideEvents = defineEvents({
  'client-bytes-refused': {
    fields: ['connection', 'from', 'reason'],
    level: 'notable',
    about: 'A real client sent what cannot be a request; its connection is closed.',
  },
  'client-batch-received': {
    fields: ['client', 'partition', 'records', 'crc', 'producerId', 'producerEpoch', 'baseSequence', 'acks'],
    level: 'detail',
    about:
      'A produce request of a real client came to a broker, with this batch in it, perhaps not for the first time.',
  },
  'client-batch-acknowledged': {
    fields: [
      'client',
      'partition',
      'records',
      'crc',
      'producerId',
      'producerEpoch',
      'baseSequence',
      'acks',
      'baseOffset',
    ],
    level: 'detail',
    about: 'A real client was told that its batch is stored; `baseOffset` is -1 where the answer does not say where.',
  },
  'client-batch-refused': {
    fields: ['client', 'partition', 'records', 'crc', 'producerId', 'producerEpoch', 'baseSequence', 'error'],
    level: 'detail',
    about: 'A real client was told that its batch is not stored, or perhaps not; it may send it again.',
  },
  'client-records-fetched': {
    fields: ['client', 'partition', 'firstOffset', 'lastOffset'],
    level: 'detail',
    about: 'A real client was given these records. Whether its application got them, the protocol does not show.',
  },
});
