import { boolean, int, string, table, timer } from '../entry.ts';

/** A broker as a client of ZooKeeper. Source: ZkConfigs. */
export const brokerZookeeper = table({
  'zookeeper.connect': string(null, 'Where ZooKeeper is, and under which path.', { only: '3.9' }),
  'zookeeper.session.timeout.ms': timer(
    18_000,
    'The session time-out that a broker asks ZooKeeper for: how long a dead broker seems alive.',
    { only: '3.9' },
  ),
  'zookeeper.connection.timeout.ms': timer(
    null,
    'How long a broker waits for ZooKeeper at start; unset: the session time-out.',
    { only: '3.9' },
  ),
  'zookeeper.max.in.flight.requests': int(10, 'How many requests a broker has open at ZooKeeper at once.', {
    min: 1,
    only: '3.9',
  }),
  'zookeeper.set.acl': boolean(false, 'Whether a broker protects its znodes.', { only: '3.9' }),
  'broker.id.generation.enable': boolean(true, 'Whether a broker without an id gets one from ZooKeeper.', {
    only: '3.9',
  }),
  'reserved.broker.max.id': int(1000, 'The largest id that a user may give; generated ones are larger.', {
    min: 0,
    only: '3.9',
  }),
});
