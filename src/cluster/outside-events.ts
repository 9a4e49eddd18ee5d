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
  'client-error-told': {
    fields: ['client', 'api', 'error', 'partition', 'broker'],
    level: 'detail',
    about:
      'A real client was answered with this error; `partition`: of a partition, or of a topic, a group or a transactional id; null: of none. ' +
      'MEMBER_ID_REQUIRED is left out: a group answers so in order.',
  },
  'client-request-unanswered': {
    fields: ['client', 'api', 'error', 'partition', 'broker', 'waitedMs', 'reason'],
    level: 'detail',
    about:
      'The connection of a real client ended while a request had no answer yet: the other side ended it (`reason`; NETWORK_EXCEPTION), or the ' +
      'client did after waiting for so long (REQUEST_TIMED_OUT). `partition` is null.',
  },
  'client-records-fetched': {
    fields: ['client', 'partition', 'firstOffset', 'lastOffset'],
    level: 'detail',
    about: 'A real client was given these records. Whether its application got them, the protocol does not show.',
  },
});
