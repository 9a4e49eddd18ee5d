import { defineEvents } from '../kernel/api.ts';

/**
 * What simulated clients do and see. From these alone the ledger follows every record, and the observables of clients are
 * computed. A record is known by its client and its serial: the number of its `send`, from 1. `partition` is `orders-0`.
 */
export const clientEvents = defineEvents({
  'client-started': {
    fields: ['role', 'group'],
    level: 'notable',
    about: 'A simulated client runs: producer, consumer or transformer.',
  },
  'batch-sent': {
    fields: ['partition', 'serials', 'producerId', 'producerEpoch', 'baseSequence', 'attempt', 'to', 'acks'],
    level: 'detail',
    about:
      'A producer sent a batch to a broker; `serials` lists its records in order. `attempt` counts from 1; -1 for ids and sequence: not idempotent.',
  },
  'batch-acknowledged': {
    fields: ['partition', 'serials', 'baseOffset', 'acks', 'latencyUs'],
    level: 'detail',
    about:
      'The producer took the batch as done: stored from `baseOffset` on (-1: unknown, as under acks=0 or for an old duplicate). `latencyUs` is from its first record to now.',
  },
  'batch-failed': {
    fields: ['partition', 'serials', 'error', 'definite'],
    level: 'notable',
    about:
      'The producer gave the batch up and told its sender `error`. `definite`: it is certainly not stored; otherwise it may be.',
  },
  'client-error-seen': {
    fields: ['api', 'error', 'partition', 'retried'],
    level: 'detail',
    about:
      "An answer or a failure of the client's own carried an error, retried or not. `partition` is empty where none is meant.",
  },
  'records-delivered': {
    fields: ['group', 'partition', 'firstOffset', 'lastOffset', 'count'],
    level: 'detail',
    about: 'The application of a consumer was handed records, in order, with no readable record of the range left out.',
  },
  'consumer-position-set': {
    fields: ['group', 'partition', 'offset', 'reason'],
    level: 'detail',
    about:
      'Where a consumer goes on: a committed offset, the start or end that auto.offset.reset names, or where its log was cut.',
  },
  'consumer-offsets-committed': {
    fields: ['group', 'partition', 'offset', 'generation'],
    level: 'detail',
    about: 'A commit of this member was accepted.',
  },
  'partitions-assigned': {
    fields: ['group', 'partitions', 'generation'],
    level: 'notable',
    about: 'A consumer owns these partitions in addition to what it kept.',
  },
  'partitions-revoked': {
    fields: ['group', 'partitions', 'generation'],
    level: 'notable',
    about: 'A consumer gave these partitions back, having committed what it had processed.',
  },
  'partitions-lost': {
    fields: ['group', 'partitions', 'generation'],
    level: 'notable',
    about: 'A consumer found that these partitions had been taken from it.',
  },
});
