import { defineEvents } from '../../kernel/api.ts';

/** What the transaction coordinators decide. From these alone a reader knows the state and the producer of every transactional id. */
export const transactionEvents = defineEvents({
  'transaction-state-changed': {
    fields: ['transactionalId', 'from', 'to', 'producerId', 'producerEpoch', 'partitions', 'reason'],
    level: 'notable',
    about:
      'A transactional id goes from one state to another, and it is stored: Empty, Ongoing, PrepareCommit, PrepareAbort, CompleteCommit, CompleteAbort.',
  },
  'transaction-producer-fenced': {
    fields: ['transactionalId', 'producerId', 'producerEpoch', 'currentEpoch', 'request'],
    level: 'notable',
    about:
      'A coordinator refused a producer whose epoch is not the present one: another took its place, or its time was up.',
  },
  'transaction-timed-out': {
    fields: ['transactionalId', 'producerId', 'producerEpoch', 'timeoutMs'],
    level: 'notable',
    about: 'A transaction was open for longer than its time-out: its coordinator fences the producer and aborts it.',
  },
  'transaction-id-expired': {
    fields: ['transactionalId'],
    level: 'notable',
    about: 'A transactional id was not used for transactional.id.expiration.ms, and is forgotten.',
  },
  'transaction-loaded': {
    fields: ['transactionalId', 'partition', 'state', 'producerId', 'producerEpoch', 'partitions'],
    level: 'notable',
    about: 'A new coordinator found the transactional id in the log. What was prepared is completed by it.',
  },
  'transaction-markers-sent': {
    fields: ['broker', 'transactionalId', 'producerId', 'producerEpoch', 'result', 'partitions'],
    level: 'detail',
    about: 'A coordinator asked a broker to write the markers of a transaction.',
  },
  'transaction-marker-refused': {
    fields: ['transactionalId', 'partition', 'broker', 'error', 'effect'],
    level: 'notable',
    about:
      'A marker was not written; `effect`: retry at the present leader, or give up because another coordinator is at work.',
  },
  'transaction-coordinator-loaded': {
    fields: ['partition', 'transactionalIds', 'leaderEpoch'],
    level: 'notable',
    about: 'A broker has read a partition of __transaction_state and coordinates its transactional ids.',
  },
  'transaction-coordinator-unloaded': {
    fields: ['partition', 'leaderEpoch', 'transactionalIds'],
    level: 'notable',
    about: 'A broker does not coordinate the transactional ids of this partition any more.',
  },
});
