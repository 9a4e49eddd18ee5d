import type { Asked } from './question.ts';

export const SIXTEEN_TO_TWENTY: readonly Asked[] = [
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
          'kafka-console-consumer --topic orders --from-beginning --property print.key=true --property print.partition=true | grep alice',
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
