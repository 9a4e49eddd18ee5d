import { boolean, double, int, list, long, NEVER, string, table } from '../entry.ts';

/** Settings of a topic. Source: LogConfig. */
export const topicEntries = table({
  'cleanup.policy': list('delete', 'Whether old segments are deleted, compacted, or both.', {
    values: ['compact', 'delete'],
    dynamic: 'cluster-wide',
  }),
  'compression.gzip.level': int(-1, '', { min: -1, max: 9, dynamic: 'cluster-wide' }),
  'compression.lz4.level': int(9, '', { min: 1, max: 17, dynamic: 'cluster-wide' }),
  'compression.type': string('producer', 'How the broker compresses batches; producer: as they came.', {
    values: ['uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer'],
    dynamic: 'cluster-wide',
  }),
  'compression.zstd.level': int(3, '', { min: -131072, max: 22, dynamic: 'cluster-wide' }),
  'delete.retention.ms': long(86_400_000, 'How long tombstones outlive their first cleaning.', {
    min: 0,
    dynamic: 'cluster-wide',
  }),
  'file.delete.delay.ms': long(60_000, 'How long the files of a deleted segment stay.', {
    min: 0,
    dynamic: 'cluster-wide',
  }),
  'flush.messages': long(NEVER, 'After how many records the log is fsynced.', { min: 1, dynamic: 'cluster-wide' }),
  'flush.ms': long(NEVER, 'After how long the log is fsynced.', { min: 0, dynamic: 'cluster-wide' }),
  'follower.replication.throttled.replicas': list('', 'Replicas whose fetching is throttled.', {
    dynamic: 'cluster-wide',
  }),
  'index.interval.bytes': int(4096, 'How many bytes stand between two entries of an offset index.', {
    min: 0,
    dynamic: 'cluster-wide',
  }),
  'leader.replication.throttled.replicas': list('', 'Replicas whose reading from the leader is throttled.', {
    dynamic: 'cluster-wide',
  }),
  'local.retention.bytes': long(-2, '', { min: -2, dynamic: 'cluster-wide' }),
  'local.retention.ms': long(-2, '', { min: -2, dynamic: 'cluster-wide' }),
  'max.compaction.lag.ms': long(NEVER, 'After how long a record must have been compacted.', {
    min: 1,
    dynamic: 'cluster-wide',
  }),
  'max.message.bytes': int(1_048_588, 'The largest batch that the topic accepts.', { min: 0, dynamic: 'cluster-wide' }),
  'message.format.version': string('3.0-IV1', '', { dynamic: 'cluster-wide', only: '3.9' }),
  'message.timestamp.after.max.ms': long(NEVER, "How far in the future a record's timestamp may lie.", {
    min: 0,
    dynamic: 'cluster-wide',
    v4: 3_600_000,
  }),
  'message.timestamp.before.max.ms': long(NEVER, "How far in the past a record's timestamp may lie.", {
    min: 0,
    dynamic: 'cluster-wide',
  }),
  'message.timestamp.difference.max.ms': long(NEVER, "How far from now a record's timestamp may lie, either way.", {
    min: 0,
    dynamic: 'cluster-wide',
    only: '3.9',
  }),
  'message.timestamp.type': string('CreateTime', "Whether records keep the producer's time or get the broker's.", {
    values: ['createtime', 'logappendtime'],
    dynamic: 'cluster-wide',
  }),
  'min.cleanable.dirty.ratio': double(0.5, 'How much of the log must be dirty before it is compacted.', {
    min: 0,
    max: 1,
    dynamic: 'cluster-wide',
  }),
  'min.compaction.lag.ms': long(0, 'How long a record is safe from compaction.', { min: 0, dynamic: 'cluster-wide' }),
  'min.insync.replicas': int(1, 'How many replicas must be in sync for acks=all to be accepted.', {
    min: 1,
    dynamic: 'cluster-wide',
  }),
  preallocate: boolean(false, "Whether a segment's file gets its full size at once.", { dynamic: 'cluster-wide' }),
  'remote.log.copy.disable': boolean(false, '', { dynamic: 'cluster-wide' }),
  'remote.log.delete.on.disable': boolean(false, '', { dynamic: 'cluster-wide' }),
  'remote.storage.enable': boolean(false, '', { dynamic: 'cluster-wide' }),
  'retention.bytes': long(-1, 'Size of a partition above which its oldest segments are deleted; -1 for none.', {
    dynamic: 'cluster-wide',
  }),
  'retention.ms': long(604_800_000, 'Age at which segments are deleted; -1 for never.', {
    min: -1,
    dynamic: 'cluster-wide',
  }),
  'segment.bytes': int(1_073_741_824, 'Size at which a segment is closed and a new one begun.', {
    min: 14,
    dynamic: 'cluster-wide',
  }),
  'segment.index.bytes': int(10_485_760, 'Size of an index at which its segment is closed.', {
    min: 4,
    dynamic: 'cluster-wide',
  }),
  'segment.jitter.ms': long(0, 'Random part by which segments close earlier.', { min: 0, dynamic: 'cluster-wide' }),
  'segment.ms': long(604_800_000, 'Age at which a segment is closed, in record time.', {
    min: 1,
    dynamic: 'cluster-wide',
  }),
  'unclean.leader.election.enable': boolean(
    false,
    'Whether a replica from outside the ISR may lead when no other is left; it may lose records.',
    { dynamic: 'cluster-wide' },
  ),
  'message.downconversion.enable': boolean(true, 'Whether old fetch requests get records in their old format.', {
    dynamic: 'cluster-wide',
    only: '3.9',
  }),
});
