import { boolean, int, long, longTimer, string, table, timer } from '../entry.ts';

/** Replication, leadership and the ISR. Sources: ReplicationConfigs, ServerConfigs, LogConfig. */
export const brokerReplication = table({
  'replica.lag.time.max.ms': longTimer(
    30_000,
    'How long a follower may fail to catch up before it leaves the ISR; checked every half of it.',
  ),
  'replica.fetch.wait.max.ms': timer(
    500,
    "How long a follower's fetch waits for data; bounds how late an idle follower learns a high watermark.",
  ),
  'replica.fetch.min.bytes': int(1, "How much data a follower's fetch waits for."),
  'replica.fetch.backoff.ms': timer(1000, 'How long a follower leaves a partition alone after an error.', { min: 0 }),
  'replica.fetch.max.bytes': int(
    1_048_576,
    'How much a follower asks for of one partition; a larger batch still comes whole.',
    { min: 0 },
  ),
  'replica.fetch.response.max.bytes': int(10_485_760, 'How much a follower asks for in one fetch.', { min: 0 }),
  'replica.socket.timeout.ms': timer(30_000, 'How long a follower waits for a leader that does not answer.'),
  'num.replica.fetchers': int(1, 'How many fetchers a broker runs for each leader broker.', {
    dynamic: 'cluster-wide',
  }),
  'replica.high.watermark.checkpoint.interval.ms': long(
    5000,
    'How often high watermarks are written down; how stale they may be after a crash.',
  ),
  'min.insync.replicas': int(1, 'How many replicas must be in sync for acks=all to be accepted.', {
    min: 1,
    dynamic: 'cluster-wide',
  }),
  'unclean.leader.election.enable': boolean(
    false,
    'Whether a replica from outside the ISR may lead when no other is left; it may lose records.',
    { dynamic: 'cluster-wide' },
  ),
  'unclean.leader.election.interval.ms': longTimer(
    300_000,
    'How often a KRaft controller looks for leaderless partitions that may be elected uncleanly.',
    { min: 1 },
  ),
  'auto.leader.rebalance.enable': boolean(true, 'Whether the controller gives leadership back to preferred leaders.'),
  'leader.imbalance.check.interval.seconds': longTimer(
    300,
    'How often the controller looks for partitions that their preferred leader does not lead.',
    { min: 1 },
  ),
  'leader.imbalance.per.broker.percentage': int(
    10,
    'How much imbalance of a broker a ZooKeeper-mode controller lets be.',
    { only: '3.9' },
  ),
  'default.replication.factor': int(1, 'Replication factor of topics that are created without one.'),
  'num.partitions': int(1, 'Number of partitions of topics that are created without one.', { min: 1 }),
  'auto.create.topics.enable': boolean(true, 'Whether asking for an unknown topic creates it.'),
  'delete.topic.enable': boolean(true, 'Whether topics may be deleted.'),
  'controlled.shutdown.enable': boolean(true, 'Whether a broker hands its leaderships over before it stops.'),
  'controlled.shutdown.max.retries': int(
    3,
    'How often a ZooKeeper-mode broker asks to hand over before it stops anyway.',
    { only: '3.9' },
  ),
  'controlled.shutdown.retry.backoff.ms': longTimer(
    5000,
    'How long a ZooKeeper-mode broker waits between these attempts.',
    { only: '3.9' },
  ),
  'controller.socket.timeout.ms': timer(30_000, 'How long requests between controller and brokers may take.'),
  'broker.rack': string(
    null,
    'Where the broker stands; replicas are spread over racks, and consumers may read from their own.',
  ),
  'replica.selector.class': string(null, 'Chooses the replica that a consumer reads from; none: always the leader.'),
  'inter.broker.protocol.version': string('3.9-IV0', 'What ZooKeeper-mode brokers speak among themselves.', {
    only: '3.9',
  }),
  'max.incremental.fetch.session.cache.slots': int(1000, 'How many fetch sessions a broker keeps.', { min: 0 }),
  'fetch.max.bytes': int(57_671_680, 'The most that a broker puts into one fetch response.', { min: 1024 }),
  'request.timeout.ms': timer(30_000, 'How long a broker waits for responses from other brokers.'),
});
