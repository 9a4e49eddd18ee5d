import { defineEvents } from '../kernel/api.ts';

/**
 * What simulated clients do and see; the node of an event is the client (`web`, `billing[0]`). From these alone the ledger
 * follows every record, and the observables of clients are counted.
 *
 * A record has a serial: its number among all that its client ever sent, from 1, over restarts too. A batch lists its
 * serials in the order of its records, so the record at place `i` stands at `baseOffset + i`.
 */
export const clientEvents = defineEvents({
  'sending-started': {
    fields: ['topic', 'records', 'perUs'],
    level: 'notable',
    about: 'A producing client sends `records` records in every `perUs` microseconds from here on.',
  },
  'sending-stopped': {
    fields: ['topic'],
    level: 'notable',
    about: 'A producing client hands over no more records by itself; what it has handed over is still delivered.',
  },
  'record-sent': {
    fields: ['partition', 'serial', 'key'],
    level: 'detail',
    about: 'A record was handed to the producer, which has put it into a batch of this partition.',
  },
  'send-blocked': {
    fields: ['topic', 'serial', 'reason'],
    level: 'notable',
    about: 'send() waits for metadata or for memory (`reason`); it may do so for max.block.ms.',
  },
  'send-failed': {
    fields: ['topic', 'serial', 'key', 'error'],
    level: 'notable',
    about: 'send() failed before the record was in any batch: it is certainly not stored.',
  },
  'batch-sent': {
    fields: ['partition', 'serials', 'producerId', 'producerEpoch', 'baseSequence', 'crc', 'acks', 'attempt', 'broker'],
    level: 'detail',
    about:
      'A batch is on its way to a broker, for the `attempt`-th time, from 1. `crc` is that of `records-appended` (unless ' +
      '`batch-rewritten` says otherwise); producer id and sequence are -1 without idempotence; `acks` is -1 for all.',
  },
  'batch-acknowledged': {
    fields: ['partition', 'serials', 'baseOffset', 'acks', 'latencyUs'],
    level: 'detail',
    about:
      'A batch came out well, as its sender sees it. `baseOffset` is -1 where the answer does not say: acks=0, or a duplicate ' +
      'that the broker recognised. `latencyUs` counts from the first record of the batch.',
  },
  'batch-retried': {
    fields: ['partition', 'serials', 'attempt', 'error'],
    level: 'notable',
    about: 'The `attempt`-th attempt of a batch failed; the batch will be sent again.',
  },
  'batch-split': {
    fields: ['partition', 'serials', 'parts'],
    level: 'notable',
    about: 'A batch was too large for the broker and goes on as several smaller ones.',
  },
  'batch-failed': {
    fields: ['partition', 'serials', 'error', 'definite', 'attempts'],
    level: 'notable',
    about:
      'A batch failed for good, as its sender sees it. `definite`: certainly no attempt has stored it or will; otherwise it may ' +
      'be in the log, even later.',
  },
  'producer-id-received': {
    fields: ['producerId', 'producerEpoch'],
    level: 'notable',
    about: 'An idempotent producer has its identity.',
  },
  'producer-epoch-bumped': {
    fields: ['producerId', 'producerEpoch', 'partitions'],
    level: 'notable',
    about: 'A producer began its sequences anew in a new epoch, because a gap would follow in these partitions.',
  },
  'transaction-begun': {
    fields: ['transactionalId'],
    level: 'notable',
    about: 'A producer began a transaction; its coordinator hears of it with the first partition.',
  },
  'transaction-ended': {
    fields: ['transactionalId', 'result'],
    level: 'notable',
    about:
      'A producer was told that its transaction is `committed` or `aborted`; readers of committed records may see that later.',
  },
  'transaction-failed': {
    fields: ['transactionalId', 'kind', 'error'],
    level: 'notable',
    about:
      'A producer cannot commit its transaction: `abortable`, it can begin another; `fatal`, it is fenced or worse.',
  },
  'reads-committed': {
    fields: [],
    level: 'detail',
    about: 'A consumer reads what is committed only (isolation.level=read_committed).',
  },
  'client-error-seen': {
    fields: ['api', 'error', 'partition', 'broker'],
    level: 'detail',
    about:
      'An answer, or a failure on the side of the client, carried this error, whether it is retried or not. A lost connection ' +
      'is NETWORK_EXCEPTION, a missing answer or a passed deadline REQUEST_TIMED_OUT; `partition` and `broker` null: not of one.',
  },
  'metadata-updated': {
    fields: ['broker', 'brokers', 'topics'],
    level: 'detail',
    about: 'A client learned from a broker how the cluster looks; `topics` counts those that it knows now.',
  },
  'client-rebootstrapped': {
    fields: [],
    level: 'notable',
    about: 'A client knows no broker that it could ask, and begins again with its bootstrap servers (KIP-899).',
  },
  'coordinator-found': {
    fields: ['group', 'broker'],
    level: 'notable',
    about: 'A client learned which broker coordinates its group, or its transactional id (`group`).',
  },
  'coordinator-lost': {
    fields: ['group', 'broker', 'reason'],
    level: 'notable',
    about: 'A client does not know this coordinator any more and looks for it.',
  },
  'group-joined': {
    fields: ['group', 'generation', 'member', 'leader', 'protocol'],
    level: 'notable',
    about: 'A member was admitted to a generation of its group; `leader` says whether it assigns.',
  },
  'partitions-assigned': {
    fields: ['group', 'generation', 'member', 'partitions'],
    level: 'notable',
    about: 'A consumer owns these partitions in addition to what it owned (onPartitionsAssigned).',
  },
  'partitions-revoked': {
    fields: ['group', 'generation', 'member', 'partitions'],
    level: 'notable',
    about: 'A consumer gave these partitions up in an orderly way (onPartitionsRevoked).',
  },
  'partitions-lost': {
    fields: ['group', 'generation', 'member', 'partitions'],
    level: 'notable',
    about: 'A consumer learned that these partitions are not its own any more (onPartitionsLost).',
  },
  'position-reset': {
    fields: ['group', 'partition', 'offset', 'reason'],
    level: 'notable',
    about:
      'A consumer reads on from this offset: `committed`, `earliest`, `latest`, `offset-out-of-range-earliest`, ' +
      '`offset-out-of-range-latest`, `truncated`, or `given`.',
  },
  'records-delivered': {
    fields: ['group', 'partition', 'firstOffset', 'lastOffset'],
    level: 'detail',
    about:
      'The application got every record from `firstOffset` to `lastOffset`, in the order of these events. `group` is null for a ' +
      'consumer without one. The position is past them.',
  },
  'position-advanced': {
    fields: ['group', 'partition', 'offset'],
    level: 'detail',
    about: 'A consumer passed over offsets that hold nothing for it (markers, aborted records, compacted ones).',
  },
  'offsets-committed': {
    fields: ['group', 'generation', 'partitions', 'offsets'],
    level: 'detail',
    about: 'The coordinator confirmed these offsets to the consumer.',
  },
  'consumer-failed': {
    fields: ['group', 'error'],
    level: 'notable',
    about: 'poll() threw: the application can not go on with this consumer.',
  },
});
