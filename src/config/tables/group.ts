import { int, string, table, timer } from '../entry.ts';

/** Settings of one group, dynamic ones alone. Source: GroupConfig. What is not set follows the broker. */
export const groupEntries = table({
  'consumer.session.timeout.ms': timer(
    45_000,
    'After how long without a heartbeat a member of this consumer group is removed.',
    { min: 1, dynamic: 'cluster-wide' },
  ),
  'consumer.heartbeat.interval.ms': timer(5000, 'How often members of this consumer group send heartbeats.', {
    min: 1,
    dynamic: 'cluster-wide',
  }),
  'share.session.timeout.ms': int(45_000, '', { min: 1, dynamic: 'cluster-wide' }),
  'share.heartbeat.interval.ms': int(5000, '', { min: 1, dynamic: 'cluster-wide' }),
  'share.record.lock.duration.ms': int(30_000, '', { min: 1000, dynamic: 'cluster-wide' }),
  'share.auto.offset.reset': string('latest', '', { dynamic: 'cluster-wide', since: '4.1' }),
  'share.isolation.level': string('read_uncommitted', '', {
    values: ['read_committed', 'read_uncommitted'],
    dynamic: 'cluster-wide',
    since: '4.1',
  }),
  'streams.session.timeout.ms': int(45_000, '', { min: 1, dynamic: 'cluster-wide', since: '4.1' }),
  'streams.heartbeat.interval.ms': int(5000, '', { min: 1, dynamic: 'cluster-wide', since: '4.1' }),
  'streams.num.standby.replicas': int(0, '', { min: 0, dynamic: 'cluster-wide', since: '4.1' }),
});
