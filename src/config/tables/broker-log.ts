import { boolean, double, int, list, long, longTimer, NEVER, string, table, UNLIMITED } from '../entry.ts';

/** The log: segments, retention, flushing, compaction. Sources: LogConfig, ServerLogConfigs, CleanerConfig. */
export const brokerLog = table({
  'log.segment.bytes': int(1_073_741_824, 'Size at which a segment is closed and a new one begun.', {
    min: 14,
    dynamic: 'cluster-wide',
  }),
  'log.roll.ms': long(null, 'Age at which a segment is closed; goes before log.roll.hours.', {
    dynamic: 'cluster-wide',
  }),
  'log.roll.hours': int(168, 'Age at which a segment is closed, in record time.', { min: 1 }),
  'log.roll.jitter.ms': long(null, 'Random part by which segments close earlier; goes before log.roll.jitter.hours.', {
    dynamic: 'cluster-wide',
  }),
  'log.roll.jitter.hours': int(0, 'Random part by which segments close earlier.', { min: 0 }),
  'log.retention.ms': long(null, 'Age at which segments are deleted; goes before log.retention.minutes.', {
    dynamic: 'cluster-wide',
  }),
  'log.retention.minutes': int(null, 'Age at which segments are deleted; goes before log.retention.hours.'),
  'log.retention.hours': int(168, 'Age at which segments are deleted, by their largest record timestamp.'),
  'log.retention.bytes': long(-1, 'Size of a partition above which its oldest segments are deleted; -1 for none.', {
    dynamic: 'cluster-wide',
  }),
  'log.retention.check.interval.ms': long(300_000, 'How often segments are checked for retention.', { min: 1 }),
  'log.initial.task.delay.ms': long(30_000, "How long after start the log's periodic tasks begin.", { min: 0 }),
  'log.segment.delete.delay.ms': long(60_000, 'How long the files of a deleted segment stay.', {
    min: 0,
    dynamic: 'cluster-wide',
  }),
  'log.cleanup.policy': list('delete', 'Whether old segments are deleted, compacted, or both.', {
    values: ['compact', 'delete'],
    dynamic: 'cluster-wide',
  }),
  'log.flush.interval.messages': long(
    NEVER,
    'After how many records a log is fsynced; by default only the operating system does it.',
    { min: 1, dynamic: 'cluster-wide' },
  ),
  'log.flush.interval.ms': long(null, 'After how long a log is fsynced; unset: log.flush.scheduler.interval.ms.', {
    dynamic: 'cluster-wide',
  }),
  'log.flush.scheduler.interval.ms': long(NEVER, 'How often logs are checked for an fsync that is due.'),
  'log.flush.offset.checkpoint.interval.ms': int(60_000, 'How often recovery points are written down.', { min: 0 }),
  'log.flush.start.offset.checkpoint.interval.ms': int(60_000, 'How often log start offsets are written down.', {
    min: 0,
  }),
  'num.recovery.threads.per.data.dir': int(1, 'How many threads recover the logs of a directory at start.', {
    min: 1,
    dynamic: 'cluster-wide',
    v4: 2,
  }),
  'log.dir.failure.timeout.ms': longTimer(
    30_000,
    'How long a KRaft broker tries to report a failed log directory before it shuts down.',
    { min: 1 },
  ),
  'log.dirs': string(null, 'Log directories; goes before log.dir.'),
  'log.dir': string('/tmp/kafka-logs', 'The log directory.'),
  'log.message.timestamp.type': string('CreateTime', "Whether records keep the producer's time or get the broker's.", {
    values: ['createtime', 'logappendtime'],
    dynamic: 'cluster-wide',
  }),
  'log.message.timestamp.before.max.ms': long(NEVER, "How far in the past a record's timestamp may lie.", {
    min: 0,
    dynamic: 'cluster-wide',
  }),
  'log.message.timestamp.after.max.ms': long(NEVER, "How far in the future a record's timestamp may lie.", {
    min: 0,
    dynamic: 'cluster-wide',
    v4: 3_600_000,
  }),
  'log.message.timestamp.difference.max.ms': long(NEVER, "How far from now a record's timestamp may lie, either way.", {
    min: 0,
    dynamic: 'cluster-wide',
    only: '3.9',
  }),
  'log.message.downconversion.enable': boolean(true, 'Whether old fetch requests get records in their old format.', {
    dynamic: 'cluster-wide',
    only: '3.9',
  }),
  'log.index.interval.bytes': int(4096, 'How many bytes stand between two entries of an offset index.', {
    min: 0,
    dynamic: 'cluster-wide',
  }),
  'log.index.size.max.bytes': int(10_485_760, 'Size of an index at which its segment is closed.', {
    min: 4,
    dynamic: 'cluster-wide',
  }),
  'log.preallocate': boolean(false, "Whether a segment's file gets its full size at once.", {
    dynamic: 'cluster-wide',
  }),
  'log.cleaner.enable': boolean(true, 'Whether logs are compacted.'),
  'log.cleaner.threads': int(1, 'How many threads compact.', { min: 0, dynamic: 'cluster-wide' }),
  'log.cleaner.backoff.ms': long(15_000, 'How long the cleaner sleeps when there is nothing to do.', {
    min: 0,
    dynamic: 'cluster-wide',
  }),
  'log.cleaner.min.cleanable.ratio': double(0.5, 'How much of a log must be dirty before it is compacted.', {
    min: 0,
    max: 1,
    dynamic: 'cluster-wide',
  }),
  'log.cleaner.min.compaction.lag.ms': long(0, 'How long a record is safe from compaction.', {
    min: 0,
    dynamic: 'cluster-wide',
  }),
  'log.cleaner.max.compaction.lag.ms': long(NEVER, 'After how long a record must have been compacted.', {
    min: 1,
    dynamic: 'cluster-wide',
  }),
  'log.cleaner.delete.retention.ms': long(
    86_400_000,
    'How long tombstones and transaction markers outlive their first cleaning.',
    { min: 0, dynamic: 'cluster-wide' },
  ),
  'log.cleaner.dedupe.buffer.size': long(134_217_728, "Memory for the cleaner's map of keys.", {
    dynamic: 'cluster-wide',
  }),
  'log.cleaner.io.max.bytes.per.second': double(UNLIMITED, 'How fast the cleaner may read and write.', {
    dynamic: 'cluster-wide',
  }),
  'message.max.bytes': int(1_048_588, 'The largest batch that a broker accepts.', { min: 0, dynamic: 'cluster-wide' }),
  'compression.type': string('producer', 'How a broker compresses batches; producer: as they came.', {
    values: ['uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer'],
    dynamic: 'cluster-wide',
  }),
});
