import { boolean, className, INT_MAX, int, list, long, longTimer, string, table, timer } from '../entry.ts';

/** Settings of a producer. Source: ProducerConfig. */
export const producerEntries = table({
  'key.serializer': className(''),
  'value.serializer': className(''),
  'bootstrap.servers': list('', 'Where the client first asks for the cluster.'),
  'buffer.memory': long(33_554_432, 'Memory for records that wait to be sent.', { min: 0 }),
  'compression.type': string('none', 'How batches are compressed.', {
    values: ['none', 'gzip', 'snappy', 'lz4', 'zstd'],
  }),
  retries: int(INT_MAX, 'How often the producer tries again, within delivery.timeout.ms.', { min: 0 }),
  'batch.size': int(16_384, 'Size at which a batch is sent at once.', { min: 0 }),
  'client.dns.lookup': string('use_all_dns_ips', '', {
    values: ['use_all_dns_ips', 'resolve_canonical_bootstrap_servers_only'],
  }),
  'client.id': string('', 'What the client calls itself.'),
  'compression.gzip.level': int(-1, '', { min: -1, max: 9 }),
  'compression.lz4.level': int(9, '', { min: 1, max: 17 }),
  'compression.zstd.level': int(3, '', { min: -131072, max: 22 }),
  'connections.max.idle.ms': long(540_000, 'How long an idle connection stays open.'),
  'delivery.timeout.ms': timer(120_000, 'How long after send() a record may still be tried; then it fails.', {
    min: 0,
  }),
  'linger.ms': long(0, 'How long the producer gathers records into a batch.', { min: 0, v4: 5 }),
  'max.block.ms': longTimer(60_000, 'How long send() waits for metadata or memory.', { min: 0 }),
  'max.request.size': int(1_048_576, 'The largest record, and request, that the producer sends.', { min: 0 }),
  'partitioner.class': className(null),
  'partitioner.ignore.keys': boolean(false, 'Whether keys play no part in choosing a partition.'),
  'receive.buffer.bytes': int(32_768, '', { min: -1 }),
  'request.timeout.ms': timer(30_000, 'How long the client waits for a response.', { min: 0 }),
  'send.buffer.bytes': int(131_072, '', { min: -1 }),
  'socket.connection.setup.timeout.max.ms': longTimer(30_000, 'The same after repeated failures.'),
  'socket.connection.setup.timeout.ms': longTimer(10_000, 'How long a connection may take to stand, at first.'),
  acks: string('all', "Whose acknowledgement a record waits for: nobody's, the leader's, or all in-sync replicas'.", {
    values: ['all', '-1', '0', '1'],
  }),
  'auto.include.jmx.reporter': boolean(true, '', { only: '3.9' }),
  'enable.idempotence': boolean(true, 'Whether the broker recognises records that the producer sends again.'),
  'enable.metrics.push': boolean(true),
  'interceptor.classes': list(''),
  'max.in.flight.requests.per.connection': int(
    5,
    'How many requests may be unanswered; more than one may reorder records without idempotence.',
    { min: 1 },
  ),
  'metadata.max.age.ms': longTimer(300_000, 'After how long the client asks for metadata without need.', { min: 0 }),
  'metadata.max.idle.ms': long(300_000, 'After how long an unused topic is forgotten.', { min: 5000 }),
  'metadata.recovery.strategy': string(
    'none',
    'What a client does that knows no living broker: nothing, or begin again with its bootstrap servers.',
    { values: ['rebootstrap', 'none'], v4: 'rebootstrap' },
  ),
  'metric.reporters': list(''),
  'metrics.num.samples': int(2, '', { min: 1 }),
  'metrics.recording.level': string('INFO', '', { values: ['info', 'debug', 'trace'] }),
  'metrics.sample.window.ms': long(30_000, '', { min: 0 }),
  'partitioner.adaptive.partitioning.enable': boolean(true, 'Whether records without a key avoid slow brokers.'),
  'partitioner.availability.timeout.ms': long(
    0,
    'After how long a broker that takes nothing counts as unavailable; 0: never.',
    { min: 0 },
  ),
  'reconnect.backoff.max.ms': longTimer(1000, 'How long it waits so at most.', { min: 0 }),
  'reconnect.backoff.ms': long(50, 'How long the client waits before it connects again; doubles with each failure.', {
    min: 0,
  }),
  'retry.backoff.max.ms': longTimer(1000, 'How long it waits so at most.', { min: 0 }),
  'retry.backoff.ms': long(100, 'How long the client waits before it tries again; doubles with each failure.', {
    min: 0,
  }),
  'transaction.timeout.ms': timer(60_000, 'How long a transaction may stay open before the coordinator aborts it.'),
  'transactional.id': string(null, "The name under which a producer's transactions survive its restarts."),
  'transaction.two.phase.commit.enable': boolean(
    false,
    'Whether transactions have no time-out, for an outside coordinator (KIP-939).',
    { since: '4.2' },
  ),
  'metadata.recovery.rebootstrap.trigger.ms': longTimer(
    300_000,
    'After how long without metadata the client begins again with its bootstrap servers.',
    { min: 0, since: '4.0' },
  ),
});
