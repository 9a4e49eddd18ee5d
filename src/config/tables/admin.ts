import { boolean, INT_MAX, int, list, long, longTimer, string, table, timer } from '../entry.ts';

/** Settings of an admin client. Source: AdminClientConfig. */
export const adminEntries = table({
  'bootstrap.controllers': list('', 'Where the client first asks, if it speaks to controllers.'),
  'bootstrap.servers': list('', 'Where the client first asks for the cluster.'),
  'client.dns.lookup': string('use_all_dns_ips', '', {
    values: ['use_all_dns_ips', 'resolve_canonical_bootstrap_servers_only'],
  }),
  'client.id': string('', 'What the client calls itself.'),
  'connections.max.idle.ms': long(300_000, 'How long an idle connection stays open.'),
  'default.api.timeout.ms': timer(60_000, 'How long a call of the client may take as a whole.', { min: 0 }),
  'receive.buffer.bytes': int(65_536, '', { min: -1 }),
  'request.timeout.ms': timer(30_000, 'How long the client waits for a response.', { min: 0 }),
  'send.buffer.bytes': int(131_072, '', { min: -1 }),
  'socket.connection.setup.timeout.max.ms': longTimer(30_000, 'The same after repeated failures.'),
  'socket.connection.setup.timeout.ms': longTimer(10_000, 'How long a connection may take to stand, at first.'),
  'auto.include.jmx.reporter': boolean(true, '', { only: '3.9' }),
  'enable.metrics.push': boolean(true, '', { v4: false }),
  'metadata.max.age.ms': longTimer(300_000, 'After how long the client asks for metadata without need.', { min: 0 }),
  'metadata.recovery.strategy': string(
    'none',
    'What a client does that knows no living broker: nothing, or begin again with its bootstrap servers.',
    { values: ['rebootstrap', 'none'], v4: 'rebootstrap' },
  ),
  'metric.reporters': list(''),
  'metrics.num.samples': int(2, '', { min: 1 }),
  'metrics.recording.level': string('INFO', '', { values: ['info', 'debug', 'trace'] }),
  'metrics.sample.window.ms': long(30_000, '', { min: 0 }),
  'reconnect.backoff.max.ms': longTimer(1000, 'How long it waits so at most.', { min: 0 }),
  'reconnect.backoff.ms': long(50, 'How long the client waits before it connects again; doubles with each failure.', {
    min: 0,
  }),
  retries: int(INT_MAX, 'How often the client tries again.', { min: 0 }),
  'retry.backoff.max.ms': longTimer(1000, 'How long it waits so at most.', { min: 0 }),
  'retry.backoff.ms': long(100, 'How long the client waits before it tries again; doubles with each failure.', {
    min: 0,
  }),
  'metadata.recovery.rebootstrap.trigger.ms': longTimer(
    300_000,
    'After how long without metadata the client begins again with its bootstrap servers.',
    { min: 0, since: '4.0' },
  ),
});
