import { boolean, int, short, table, timer } from '../entry.ts';

/** The transaction coordinator and producer ids. Sources: TransactionLogConfig, TransactionStateManagerConfig. */
export const brokerTransactions = table({
  'transaction.state.log.num.partitions': int(
    50,
    'Number of partitions of __transaction_state, over which transactional ids are spread.',
    { min: 1 },
  ),
  'transaction.state.log.replication.factor': short(3, 'Replication factor of __transaction_state.', { min: 1 }),
  'transaction.state.log.min.isr': int(2, 'min.insync.replicas of __transaction_state.', { min: 1 }),
  'transaction.state.log.segment.bytes': int(104_857_600, 'Segment size of __transaction_state.', { min: 1 }),
  'transaction.state.log.load.buffer.size': int(
    5_242_880,
    'How much is read at a time when a coordinator loads its transactions.',
    { min: 1 },
  ),
  'transaction.max.timeout.ms': int(900_000, 'Longest transaction time-out that a producer may ask for.', { min: 1 }),
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': timer(
    10_000,
    'How often overdue transactions are looked for.',
    { min: 1 },
  ),
  'transactional.id.expiration.ms': int(604_800_000, 'How long an idle transactional id is remembered.', { min: 1 }),
  'transaction.remove.expired.transaction.cleanup.interval.ms': int(
    3_600_000,
    'How often expired transactional ids are looked for.',
    { min: 1 },
  ),
  'producer.id.expiration.ms': int(86_400_000, 'How long a partition remembers an idle producer id.', {
    min: 1,
    dynamic: 'cluster-wide',
  }),
  'producer.id.expiration.check.interval.ms': int(600_000, 'How often expired producer ids are looked for.', {
    min: 1,
  }),
  'transaction.partition.verification.enable': boolean(
    true,
    'Whether a partition asks the coordinator about a transaction before it takes part (KIP-890).',
    { dynamic: 'cluster-wide' },
  ),
  'add.partitions.to.txn.retry.backoff.ms': int(
    20,
    'How long a broker waits before it adds a partition again while the transaction is busy.',
    { min: 1, since: '4.0' },
  ),
  'add.partitions.to.txn.retry.backoff.max.ms': int(100, 'How long a broker tries so at most.', {
    min: 0,
    since: '4.0',
  }),
  'transaction.two.phase.commit.enable': boolean(
    false,
    'Whether transactions without a time-out are offered (KIP-939).',
    { since: '4.2' },
  ),
});
