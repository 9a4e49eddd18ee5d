import type { Asked } from './question.ts';

const ZOMBIE_SHOP = { web: { acks: '1', 'enable.idempotence': false } };
/** Earliest where nothing else is said. */
const READER = { consume: 'orders', group: 'reports', start: false, config: { 'auto.offset.reset': 'earliest' } };

export const SECOND_TEN: readonly Asked[] = [
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
          'why web.longestGap | head -2',
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
  {
    asked: 'What happens when I add partitions to a topic with keys?',
    told: [
      'A key goes to the partition that its hash picks among all there are: with more partitions it is another one for many keys. What is stored stays where it is, so a key is in two partitions,',
      'and nobody keeps their order. Consumers see the new partitions when their metadata is fresh (metadata.max.age.ms, 5 minutes by default).',
    ].join('\n'),
    runs: [
      {
        mode: 'kraft',
        shop: { rate: 5, billing: { 'metadata.max.age.ms': 5000 } },
        lines: [
          'wait 8s',
          'produce orders --key alice --value one',
          'addPartitions orders --partitions 6',
          'produce orders --key alice --value two',
          'wait 10s',
          'kafka-console-consumer --topic orders --from-beginning --property print.key=true --property print.partition=true --timeout-ms 1000 | grep alice',
          'why billing.generation',
        ],
      },
    ],
  },
  {
    asked: 'What happens when an acknowledgement is lost and the producer retries?',
    told: [
      'The leader has stored the batch and its connection breaks. An idempotent producer sends it again with the same sequence number, and the leader answers that it has it; without idempotence',
      'it is stored twice.',
    ].join('\n'),
    runs: [
      {
        label: 'Without idempotence',
        mode: 'kraft',
        shop: { web: { 'enable.idempotence': false } },
        lines: [
          'wait 4s',
          'inject Produce --disconnect --handled --count 1',
          'wait 3s',
          'ledger duplicated',
          'why ledger.duplicated',
        ],
      },
      {
        label: 'With idempotence, the default',
        mode: 'kraft',
        lines: [
          'wait 4s',
          'inject Produce --disconnect --handled --count 1',
          'wait 3s',
          'why web.retried',
          'why ledger.duplicated',
        ],
      },
    ],
  },
  {
    asked:
      'What happens when max.in.flight.requests.per.connection is above 1 and a batch is retried without idempotence?',
    told: 'The batches behind it were stored meanwhile: it comes to stand behind records that were sent later. An idempotent producer keeps the order, for the leader takes sequences only in a row.',
    runs: [
      {
        label: 'Without idempotence',
        mode: 'kraft',
        shop: { rate: 100, web: { 'enable.idempotence': false, 'max.in.flight.requests.per.connection': 5 } },
        lines: [
          'delay --between web,broker-1 --latency 50ms',
          'wait 2s',
          'inject Produce --error NOT_LEADER_OR_FOLLOWER --broker 1 --count 1',
          'wait 2s',
          'ledger reordered',
          'why ledger.reordered',
        ],
      },
      {
        label: 'With idempotence',
        mode: 'kraft',
        shop: { rate: 100, web: { 'max.in.flight.requests.per.connection': 5 } },
        lines: [
          'delay --between web,broker-1 --latency 50ms',
          'wait 2s',
          'inject Produce --error NOT_LEADER_OR_FOLLOWER --broker 1 --count 1',
          'wait 2s',
          'why web.retried',
          'why ledger.reordered',
        ],
      },
    ],
  },
  {
    asked: 'What is the difference between stopping a broker and killing it?',
    told: [
      'A controlled shutdown hands the leaderships over first: nobody waits for a session, and the log is flushed. A killed broker is missed for as long as its session lasts,',
      'and its log is checked when it comes back.',
    ].join('\n'),
    runs: [
      {
        label: 'stop (SIGTERM)',
        mode: 'kraft',
        lines: [
          'wait 4s',
          'stop leader(orders-0)',
          'wait 5s',
          'why orders-0.leader',
          'why orders-0.unavailableFor | head -1',
          'why web.longestGap | head -1',
          'start broker-1',
          'wait 2s',
          'events 500 | grep "broker-1 broker-started"',
        ],
      },
      {
        label: 'kill (SIGKILL)',
        mode: 'kraft',
        lines: [
          'wait 4s',
          'kill leader(orders-0)',
          'wait 12s',
          'why orders-0.leader',
          'why orders-0.unavailableFor | head -1',
          'why web.longestGap | head -1',
          'start broker-1',
          'wait 2s',
          'events 500 | grep "broker-1 broker-started"',
        ],
      },
      {
        label: 'stop, with ZooKeeper',
        mode: 'zookeeper',
        lines: [
          'wait 4s',
          'stop leader(orders-0)',
          'wait 5s',
          'why orders-0.leader',
          'why orders-0.unavailableFor | head -1',
        ],
      },
    ],
  },
  {
    asked: 'What happens when the broker of a group’s or a transaction’s coordinator dies?',
    told: [
      'Coordinators lead partitions of __consumer_offsets and __transaction_state: whoever is elected there reads the partition, and coordinates on. Until then commits and transactions wait;',
      'members whose session lives go on in the same generation, without a rebalance.',
    ].join('\n'),
    runs: [
      {
        label: 'A group',
        mode: 'kraft',
        lines: [
          'wait 8s',
          'kill coordinator(billing)',
          'wait 2s',
          'why billing.coordinator',
          'wait 13s',
          'why billing.coordinator',
          'why billing.rebalances',
          'why billing.lag | head -1',
        ],
      },
      {
        label: 'A transactional id',
        mode: 'kraft',
        shop: { web: { 'transactional.id': 'shop' } },
        lines: [
          'wait 8s',
          'kill txnCoordinator(shop)',
          'wait 15s',
          'why txn(shop).coordinator',
          'commit web',
          'wait 1s',
          'why txn(shop).committed',
        ],
      },
      {
        label: 'A group, with ZooKeeper',
        mode: 'zookeeper',
        lines: ['wait 8s', 'kill coordinator(billing)', 'wait 22s', 'why billing.coordinator'],
      },
    ],
  },
];
