import { boolean, INT_MAX, int, list, long, short, string, table, timer } from '../entry.ts';

/** The group coordinator. Source: GroupCoordinatorConfig. */
export const brokerGroups = table({
  'offsets.topic.num.partitions': int(50, 'Number of partitions of __consumer_offsets, over which groups are spread.', {
    min: 1,
  }),
  'offsets.topic.replication.factor': short(
    3,
    'Replication factor of __consumer_offsets; it is not created with fewer brokers.',
    { min: 1 },
  ),
  'offsets.topic.segment.bytes': int(104_857_600, 'Segment size of __consumer_offsets.', { min: 1 }),
  'offsets.topic.compression.codec': int(0, 'Compression of __consumer_offsets, by number.'),
  'offsets.load.buffer.size': int(5_242_880, 'How much is read at a time when a coordinator loads its groups.', {
    min: 1,
  }),
  'offsets.commit.timeout.ms': timer(5000, 'How long an offset commit waits for its replicas.', { min: 1 }),
  'offsets.commit.required.acks': short(-1, 'Acknowledgements that an offset commit waits for.', { only: '3.9' }),
  'offsets.retention.minutes': int(10_080, 'How long offsets of an empty group are kept.', { min: 1 }),
  'offsets.retention.check.interval.ms': long(600_000, 'How often expired offsets are looked for.', { min: 1 }),
  'offset.metadata.max.bytes': int(4096, 'How long the text committed with an offset may be.'),
  'group.initial.rebalance.delay.ms': timer(
    3000,
    'How long an empty classic group waits for more members before its first rebalance.',
  ),
  'group.min.session.timeout.ms': timer(6000, "Shortest session time-out that a classic group's member may ask for."),
  'group.max.session.timeout.ms': int(1_800_000, "Longest session time-out that a classic group's member may ask for."),
  'group.max.size': int(INT_MAX, 'How many members a classic group may have.', { min: 1 }),
  'group.coordinator.new.enable': boolean(false, 'Whether the new group coordinator runs.', { only: '3.9' }),
  'group.coordinator.rebalance.protocols': list('classic', 'Kinds of groups that are offered.', {
    values: ['classic', 'consumer', 'share', 'streams'],
    v4: 'classic,consumer,streams',
  }),
  'group.coordinator.threads': int(1, 'How many threads the new group coordinator has.', { min: 1, v4: 4 }),
  'group.coordinator.append.linger.ms': int(
    10,
    'How long the new group coordinator gathers records before it writes them; -1: adaptive.',
    { min: -1, v4: 5, v42: -1 },
  ),
  'group.consumer.session.timeout.ms': timer(
    45_000,
    'After how long without a heartbeat a member of a consumer group (KIP-848) is removed.',
    { min: 1 },
  ),
  'group.consumer.heartbeat.interval.ms': timer(
    5000,
    'How often members of consumer groups are told to send heartbeats.',
    { min: 1 },
  ),
  'group.consumer.min.session.timeout.ms': timer(45_000, 'Least session time-out that a group may be given.', {
    min: 1,
  }),
  'group.consumer.max.session.timeout.ms': timer(60_000, 'Greatest session time-out that a group may be given.', {
    min: 1,
  }),
  'group.consumer.min.heartbeat.interval.ms': timer(5000, 'Least heartbeat interval that a group may be given.', {
    min: 1,
  }),
  'group.consumer.max.heartbeat.interval.ms': timer(15_000, 'Greatest heartbeat interval that a group may be given.', {
    min: 1,
  }),
  'group.consumer.max.size': int(INT_MAX, 'How many members a consumer group may have.', { min: 1 }),
  'group.consumer.assignors': list(
    'org.apache.kafka.coordinator.group.assignor.UniformAssignor,org.apache.kafka.coordinator.group.assignor.RangeAssignor',
    'Server-side assignors; the first is the default.',
    { v4: 'uniform,range' },
  ),
  'group.consumer.migration.policy': string(
    'disabled',
    'Which way a group may change between the classic and the new protocol while it runs.',
    { values: ['disabled', 'downgrade', 'upgrade', 'bidirectional'], v4: 'bidirectional' },
  ),
});
