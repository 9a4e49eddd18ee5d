import type { Asked } from './question.ts';

const ZOMBIE_SHOP = { web: { acks: '1', 'enable.idempotence': false } };
/** Earliest where nothing else is said. */
const READER = { consume: 'orders', group: 'reports', start: false, config: { 'auto.offset.reset': 'earliest' } };

export const ELEVEN_TO_FIFTEEN: readonly Asked[] = [
  {
    asked: 'What happens when a follower falls behind for replica.lag.time.max.ms?',
    told: [
      'While it is in the ISR nothing is committed without it: the high watermark stands still, and acks=all waits. Then its leader takes it out of the ISR, and goes on without it;',
      'once it has caught up it is in again.',
    ].join('\n'),
    runs: [
      {
        mode: 'kraft',
        shop: { config: { 'replica.lag.time.max.ms': 10_000 } },
        lines: [
          'wait 4s',
          'cut --from broker-3 --to broker-1',
          'wait 5s',
          'why orders-0.hw',
          'wait 15s',
          'why orders-0.isr',
          'heal all',
          'wait 15s',
          'why orders-0.isr',
        ],
      },
      {
        label: 'The same with ZooKeeper: there, too, the leader asks the controller',
        mode: 'zookeeper',
        shop: { config: { 'replica.lag.time.max.ms': 10_000 } },
        lines: ['wait 4s', 'cut --from broker-3 --to broker-1', 'wait 25s', 'why orders-0.isr'],
      },
    ],
  },
  {
    asked: 'What happens when the dead broker comes back?',
    told: [
      'It follows: where its log and that of the new leader part it cuts its own, fetches what it lacks, and joins the ISR. It leads again only when the controller looks for the preferred leaders,',
      'every 30 s here (300 s by default).',
    ].join('\n'),
    runs: [
      {
        mode: 'kraft',
        shop: {
          rate: 100,
          config: { 'leader.imbalance.check.interval.seconds': 30 },
          web: { acks: '1', 'enable.idempotence': false },
        },
        lines: [
          'wait 4s',
          'delay --from leader(orders-0) --to followers(orders-0) --latency 300ms',
          'wait 2s',
          'kill leader(orders-0)',
          'heal all',
          'wait 12s',
          'start broker-1',
          'wait 3s',
          'why log-truncated',
          'why replica-caught-up',
          'why orders-0.isr',
          'why cluster.preferredLeaderImbalance | head -1',
          'wait 30s',
          'why orders-0.leader',
        ],
      },
      {
        label: 'With ZooKeeper it must wait for its old session to end, or it finds its own znode and gives up',
        mode: 'zookeeper',
        lines: [
          'wait 4s',
          'kill leader(orders-0)',
          'wait 2s',
          'start broker-1',
          'wait 1s',
          'why broker-1.state',
          'wait 16s',
          'start broker-1',
          'wait 3s',
          'why orders-0.isr',
        ],
      },
    ],
  },
  {
    asked: 'What happens when a group has no offset, an expired one, or one that is out of range?',
    told: 'auto.offset.reset decides: earliest reads again what is there, latest passes over what came before, none makes poll() throw.',
    runs: [
      {
        label: 'No offset, and none',
        mode: 'kraft',
        shop: { members: 1, billing: { 'auto.offset.reset': 'none' } },
        lines: ['wait 8s', 'why billing.state'],
      },
      {
        label: 'No offset, and latest: what was sent before is not read',
        mode: 'kraft',
        shop: { members: 1, billing: { 'auto.offset.reset': 'latest' } },
        lines: ['wait 8s', 'why position-reset'],
      },
      {
        label: 'Expired after a minute without members, and earliest: everything once more',
        mode: 'kraft',
        shop: {
          rate: 5,
          config: { 'offsets.retention.minutes': 1, 'offsets.retention.check.interval.ms': 10_000 },
          clients: { reports: READER },
        },
        lines: [
          'startClient reports',
          'wait 10s',
          'stopClient reports',
          'wait 80s',
          'startClient reports',
          'wait 8s',
          'why position-reset',
        ],
      },
      {
        label: 'Out of range: the records that it would read next were deleted',
        mode: 'kraft',
        shop: { rate: 50, clients: { reports: READER } },
        lines: [
          'startClient reports',
          'wait 10s',
          'stopClient reports',
          'wait 5s',
          `kafka-delete-records --offset-json-file '{"version":1,"partitions":[{"topic":"orders","partition":0,"offset":-1}]}'`,
          'startClient reports',
          'wait 8s',
          'why OFFSET_OUT_OF_RANGE',
          'why orders-0.start',
        ],
      },
    ],
  },
  {
    asked: 'What happens when a network partition isolates the leader?',
    told: [
      'Two brokers believe to lead for a while. The others elect one in a new epoch; the isolated one goes on taking writes until it hears of that. With acks=1 it acknowledges them, and they vanish',
      'when it follows; with acks=all it cannot, for no follower fetches.',
    ].join('\n'),
    runs: [
      {
        label: 'acks=1',
        mode: 'kraft',
        shop: ZOMBIE_SHOP,
        lines: [
          'wait 4s',
          'partition leader(orders-0),web | followers(orders-0),all(quorum)',
          'wait 15s',
          'why orders-0.leader | head -1',
          'why orders-0@1.leader',
          'heal all',
          'settle',
          'ledger | head -1',
          'why lost',
        ],
      },
      {
        label: 'acks=1 with ZooKeeper',
        mode: 'zookeeper',
        shop: ZOMBIE_SHOP,
        lines: [
          'wait 4s',
          'partition leader(orders-0),web | followers(orders-0),all(quorum)',
          'wait 25s',
          'why orders-0@1.leader',
          'heal all',
          'settle',
          'ledger | head -1',
        ],
      },
      {
        label: 'acks=all',
        mode: 'kraft',
        lines: [
          'wait 4s',
          'partition leader(orders-0),web | followers(orders-0),all(quorum)',
          'wait 15s',
          'heal all',
          'settle',
          'ledger | head -1',
        ],
      },
    ],
  },
  {
    asked: 'What happens when a broker’s session expires although its process lives?',
    told: 'It loses its leaderships; awake or connected again, it learns that others lead, and joins as a follower. ZooKeeper mode gives it a new broker epoch; KRaft unfences it.',
    runs: [
      {
        label: 'ZooKeeper: a pause of 25 s, as a garbage collection may take',
        mode: 'zookeeper',
        lines: [
          'wait 4s',
          'pause leader(orders-0) --during 25s',
          'wait 22s',
          'why cluster.brokers',
          'why orders-0.leader | head -2',
          'wait 10s',
          'why zookeeper-session-lost',
          'why broker-1.epoch',
          'why orders-0.isr',
        ],
      },
      {
        label: 'KRaft: its heartbeats do not reach the controllers any more',
        mode: 'kraft',
        lines: [
          'wait 4s',
          'cut --between broker-1,all(quorum)',
          'wait 15s',
          'why broker-1.state',
          'why orders-0.leader | head -2',
          'why orders-0@1.leader',
          'heal all',
          'wait 5s',
          'why broker-1.state',
          'why orders-0.isr',
        ],
      },
    ],
  },
];
