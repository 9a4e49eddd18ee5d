import { boolean, int, list, long, NEVER, string, table, timer } from '../entry.ts';

/** Servers and controllers of KRaft mode. Sources: KRaftConfigs, QuorumConfig. */
export const brokerKraft = table({
  'process.roles': list('', 'Whether a KRaft server is a broker, a controller, or both.', {
    values: ['broker', 'controller'],
  }),
  'node.id': int(-1, "The server's id."),
  'broker.id': int(-1, "The broker's id in ZooKeeper mode; another name for node.id."),
  'controller.quorum.voters': list('', 'The voters of a static quorum.'),
  'controller.quorum.bootstrap.servers': list('', 'Where the quorum is found (KIP-853).'),
  'controller.listener.names': string(null, 'The listeners of the controller.'),
  'broker.heartbeat.interval.ms': timer(2000, 'How often a KRaft broker sends a heartbeat to the controller.'),
  'broker.session.timeout.ms': timer(9000, 'After how long without a heartbeat the controller fences a broker.'),
  'initial.broker.registration.timeout.ms': timer(60_000, 'How long a starting broker tries to register.'),
  'controller.quorum.election.timeout.ms': timer(
    1000,
    'How long a candidate waits for votes; drawn between it and its double.',
  ),
  'controller.quorum.fetch.timeout.ms': timer(
    2000,
    'How long a voter goes without hearing of the leader before it stands for election; the leader resigns after one and a half times as long without a majority.',
  ),
  'controller.quorum.election.backoff.max.ms': timer(
    1000,
    'How long a candidate waits at most before it stands again.',
  ),
  'controller.quorum.append.linger.ms': int(
    25,
    'How long the leader of the quorum gathers records before it writes them.',
  ),
  'controller.quorum.request.timeout.ms': timer(2000, 'How long a request of the quorum may take.'),
  'controller.quorum.retry.backoff.ms': int(20, 'How long a quorum server waits before it asks again.'),
  'controller.quorum.auto.join.enable': boolean(false, 'Whether a controller adds itself to the voters.', {
    since: '4.2',
  }),
  'metadata.max.idle.interval.ms': int(500, 'How often an idle controller writes a record that changes nothing.', {
    min: 0,
  }),
  'metadata.log.dir': string(null, 'Where the metadata log stands; unset: in the first log directory.'),
  'metadata.log.max.record.bytes.between.snapshots': long(
    20_971_520,
    'How much metadata log makes a new snapshot due.',
    { min: 1 },
  ),
  'metadata.log.max.snapshot.interval.ms': long(3_600_000, 'How old the last snapshot may become.', { min: 0 }),
  'metadata.log.segment.bytes': int(1_073_741_824, 'Segment size of the metadata log.', { min: 12 }),
  'metadata.log.segment.ms': long(604_800_000, 'Age at which a segment of the metadata log is closed.'),
  'metadata.max.retention.bytes': long(104_857_600, 'Size above which old metadata log and snapshots go.'),
  'metadata.max.retention.ms': long(604_800_000, 'Age at which old metadata log and snapshots go.'),
  'eligible.leader.replicas.enable': boolean(
    false,
    'Whether 3.9 keeps eligible leader replicas (KIP-966); since 4.0 a feature decides.',
    { only: '3.9' },
  ),
  'zookeeper.metadata.migration.enable': boolean(false, 'Whether a cluster moves from ZooKeeper to KRaft (KIP-866).', {
    only: '3.9',
  }),
  'server.max.startup.time.ms': long(NEVER, 'How long a KRaft server may take to start.', { min: 0 }),
});
