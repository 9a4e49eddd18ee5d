/** What brokers of a ZooKeeper-mode cluster tell the trace of their coordination. */
import { defineEvents } from '../../../kernel/api.ts';

export const zookeeperModeEvents = defineEvents({
  'zookeeper-session-established': {
    fields: ['broker', 'session', 'server'],
    level: 'notable',
    about: 'A broker has a new ZooKeeper session; it has no ephemerals and no watches yet.',
  },
  'zookeeper-disconnected': {
    fields: ['broker'],
    level: 'notable',
    about: 'A broker lost its connection to ZooKeeper; its session lives on until the ensemble says otherwise.',
  },
  'zookeeper-reconnected': {
    fields: ['broker', 'server'],
    level: 'notable',
    about: 'A broker is back at ZooKeeper with the session that it had.',
  },
  'zookeeper-session-lost': {
    fields: ['broker'],
    level: 'notable',
    about: 'A broker learned that its session is over: it is no longer registered, whatever it believed until now.',
  },
  'zookeeper-registered': {
    fields: ['broker', 'brokerEpoch'],
    level: 'notable',
    about: 'A broker has its znode; its epoch is the czxid.',
  },
  'control-request-refused': {
    fields: ['api', 'controller', 'controllerEpoch', 'error'],
    level: 'notable',
    about:
      'A broker refused a request of a controller altogether: the controller, or the epoch that it had of the broker, is old.',
  },
  'controller-election-lost': {
    fields: ['controllerEpoch'],
    level: 'detail',
    about: 'A broker wanted to be the controller of this epoch, and somebody else was faster.',
  },
  'controller-failover-began': {
    fields: ['controllerEpoch'],
    level: 'notable',
    about: 'A broker won the controller election and reads the state of the cluster from ZooKeeper.',
  },
  'controller-failover-finished': {
    fields: ['controllerEpoch', 'brokers', 'topics', 'partitions'],
    level: 'notable',
    about:
      'The new controller has read the state, has told the brokers of it, and has tried to elect the leaders that are missing.',
  },
  'controller-fenced': {
    fields: ['controllerEpoch', 'path'],
    level: 'notable',
    about: 'A write of an old controller failed, for the controller epoch in ZooKeeper has moved on.',
  },
  'control-request-sent': {
    fields: ['broker', 'api', 'partitions'],
    level: 'detail',
    about:
      'The controller sends a broker a request about so many partitions; asked again every 100 ms until there is an answer.',
  },
  'broker-change-seen': {
    fields: ['started', 'failed', 'bounced'],
    level: 'notable',
    about: 'The controller found the list of brokers changed.',
  },
});
