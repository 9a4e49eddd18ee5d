import { boolean, INT_MAX, int, list, long, longTimer, NEVER, string, table } from '../entry.ts';

/** Listeners, connections, threads, quotas and security. Sources: SocketServerConfigs, ServerConfigs, QuotaConfig. */
export const brokerServer = table({
  listeners: string('PLAINTEXT://:9092', 'Where a server listens.', { dynamic: 'per-broker' }),
  'advertised.listeners': string(null, 'Where clients are told to connect.', { dynamic: 'per-broker' }),
  'listener.security.protocol.map': string(
    'SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT',
    'Which security protocol each listener name has.',
    { dynamic: 'per-broker' },
  ),
  'inter.broker.listener.name': string(null, 'The listener that brokers use among themselves.'),
  'control.plane.listener.name': string(null, 'The listener that a ZooKeeper-mode controller uses.', { only: '3.9' }),
  'socket.connection.setup.timeout.ms': longTimer(
    10_000,
    "How long a broker's connection to another may take to stand, at first.",
  ),
  'socket.connection.setup.timeout.max.ms': longTimer(30_000, 'The same after repeated failures.'),
  'connections.max.idle.ms': long(600_000, 'How long an idle connection stays open.'),
  'max.connections': int(INT_MAX, 'How many connections a broker accepts.', { min: 0, dynamic: 'cluster-wide' }),
  'max.connections.per.ip': int(INT_MAX, 'How many connections a broker accepts from one address.', {
    min: 0,
    dynamic: 'cluster-wide',
  }),
  'max.connection.creation.rate': int(INT_MAX, 'How many connections a second a broker accepts.', {
    min: 0,
    dynamic: 'cluster-wide',
  }),
  'num.io.threads': int(8, 'How many threads handle requests.', { min: 1, dynamic: 'cluster-wide' }),
  'num.network.threads': int(3, 'How many threads a listener has for its sockets.', {
    min: 1,
    dynamic: 'cluster-wide',
  }),
  'background.threads': int(10, 'How many threads do periodic work.', { min: 1, dynamic: 'cluster-wide' }),
  'queued.max.requests': int(500, 'How many requests may wait for a handler before sockets are left unread.', {
    min: 1,
  }),
  'queued.max.request.bytes': long(-1, 'How many bytes of requests may wait; -1 for no limit.'),
  'socket.request.max.bytes': int(104_857_600, 'The largest request that a broker reads.', { min: 1 }),
  'socket.send.buffer.bytes': int(102_400, "Size of a socket's send buffer."),
  'socket.receive.buffer.bytes': int(102_400, "Size of a socket's receive buffer."),
  'quota.window.num': int(11, 'How many windows a client quota looks back.', { min: 1 }),
  'quota.window.size.seconds': int(1, 'Length of these windows.', { min: 1 }),
  'replication.quota.window.num': int(11, 'How many windows a replication quota looks back.', { min: 1 }),
  'replication.quota.window.size.seconds': int(1, 'Length of these windows.', { min: 1 }),
  'controller.quota.window.num': int(11, 'How many windows the quota of metadata changes looks back.', { min: 1 }),
  'controller.quota.window.size.seconds': int(1, 'Length of these windows.', { min: 1 }),
  'leader.replication.throttled.rate': long(
    NEVER,
    'How fast throttled replicas may be read from a leader, in bytes a second.',
    { min: 0, dynamic: 'per-broker' },
  ),
  'follower.replication.throttled.rate': long(
    NEVER,
    'How fast throttled replicas may be fetched by a follower, in bytes a second.',
    { min: 0, dynamic: 'per-broker' },
  ),
  'replica.alter.log.dirs.io.max.bytes.per.second': long(NEVER, 'How fast replicas may move between log directories.', {
    min: 0,
    dynamic: 'per-broker',
  }),
  'producer.purgatory.purge.interval.requests': int(
    1000,
    'How many finished requests may lie in the produce purgatory.',
  ),
  'fetch.purgatory.purge.interval.requests': int(1000, 'How many finished requests may lie in the fetch purgatory.'),
  'delete.records.purgatory.purge.interval.requests': int(
    1,
    'How many finished requests may lie in the purgatory of record deletions.',
  ),
  'authorizer.class.name': string('', 'Who decides what a principal may do; empty: everything is allowed.'),
  'super.users': string('', 'Principals that may do everything, parted by semicolons: `User:admin;User:ops`.'),
  'allow.everyone.if.no.acl.found': boolean(false, 'Whether everybody may do everything to a resource without ACLs.'),
  'connections.max.reauth.ms': long(
    0,
    'How long a SASL client is believed before it has to prove itself anew; 0: for ever.',
  ),
  'connections.failed.authentication.delay.ms': int(
    100,
    'How long a client that cannot prove itself waits for the answer.',
  ),
  'sasl.enabled.mechanisms': list('GSSAPI', 'SASL mechanisms that are offered.', { dynamic: 'per-broker' }),
  'security.inter.broker.protocol': string('PLAINTEXT', 'Security protocol that brokers use among themselves.', {
    values: ['plaintext', 'ssl', 'sasl_plaintext', 'sasl_ssl'],
  }),
  'max.request.partition.size.limit': int(2000, 'How many partitions one page of DescribeTopicPartitions may hold.', {
    min: 1,
  }),
  'delegation.token.max.lifetime.ms': long(604_800_000, 'How long a delegation token can be renewed.', { min: 1 }),
  'delegation.token.expiry.time.ms': long(86_400_000, 'How long a delegation token lasts between renewals.', {
    min: 1,
  }),
  'connection.failed.authentication.delay.ms': int(100, 'How long a failed authentication is answered late.', {
    min: 0,
  }),
});
