import type { Asked } from './question.ts';

const ACKS_RUN: readonly string[] = [
  'wait 4s',
  'delay --from leader(orders-0) --to followers(orders-0) --latency 300ms',
  'wait 2s',
  'kill leader(orders-0)',
  'wait 12s',
  'settle',
  'ledger | head -1',
  'why orders.records | head -1',
];

const CRASH_RUN: readonly string[] = [
  'wait 6s',
  'stopClient web',
  'wait 2s',
  'kafka-consumer-groups --describe --group billing',
  'kill billing',
  'start billing',
  'wait 60s',
  'why position-reset | head -2',
  'why billing.consumed | head -1',
  'why orders.records | head -1',
];

export const FIRST_TEN: readonly Asked[] = [
  {
    asked: 'What happens when a broker that leads partitions dies?',
    told: [
      'Nobody leads them until its session is over; then the first live member of the ISR leads, in a new epoch. Meanwhile the topic looks healthy in every description.',
      '`longestGap` is the outage as the producer saw it.',
    ].join('\n'),
    runs: [
      {
        mode: 'kraft',
        lines: [
          'wait 5s',
          'kill leader(orders-0)',
          'wait 2s',
          'kafka-topics --describe --topic orders | grep "Partition: 0"',
          'why orders-0.available',
          'wait 13s',
          'kafka-topics --describe --topic orders | grep "Partition: 0"',
          'why orders-0.leader',
          'why web.longestGap',
        ],
      },
      {
        label: 'With ZooKeeper the session is that of its znode',
        mode: 'zookeeper',
        lines: ['wait 5s', 'kill leader(orders-0)', 'wait 20s', 'why orders-0.leader', 'why web.longestGap'],
      },
    ],
  },
  {
    asked: 'What happens when a consumer joins or dies?',
    told: [
      'Whoever joins makes the group rebalance: Stable, PreparingRebalance until every member has joined again, CompletingRebalance until the assignments are stored, Stable.',
      'Of one that dies the group does not know until its session is over; until then its partitions have no reader. Groups are the same in both modes.',
    ].join('\n'),
    runs: [
      {
        mode: 'kraft',
        shop: {
          clients: {
            late: { consume: 'orders', group: 'billing', start: false, config: { 'auto.offset.reset': 'earliest' } },
          },
        },
        lines: [
          'wait 8s',
          'startClient late',
          'wait 5s',
          'events 60 | grep group-state-changed',
          'why late',
          'why billing.generation',
          'kill billing[1]',
          'wait 10s',
          'why billing.lag',
          'wait 45s',
          'why billing.generation',
        ],
      },
    ],
  },
  {
    asked: 'What happens when the ISR falls below min.insync.replicas with acks=all?',
    told: 'Writes with acks=all are refused; those with acks=1 are taken, and what is committed can be read.',
    runs: [
      {
        mode: 'kraft',
        lines: [
          'wait 3s',
          'stop follower(orders-0, 2)',
          'stop follower(orders-0)',
          'wait 5s',
          'why web.lastError',
          'produce orders --partition 0 --value taken --acks 1',
          'consume orders --max 1',
        ],
      },
      {
        label: 'With ZooKeeper',
        mode: 'zookeeper',
        lines: [
          'wait 3s',
          'stop follower(orders-0, 2)',
          'stop follower(orders-0)',
          'wait 5s',
          'why web.lastError',
          'produce orders --partition 0 --value taken --acks 1',
        ],
      },
    ],
  },
  {
    asked: 'What happens when the leader crashes with acks=0, 1 or all?',
    told: [
      'Followers are 300 ms behind when it dies. With acks=0 the producer counts everything as sent and less is there; with acks=1 what was acknowledged and not yet fetched is lost;',
      'with acks=all nothing is.',
    ].join('\n'),
    runs: [
      {
        label: 'acks=0',
        mode: 'kraft',
        shop: { rate: 100, web: { acks: '0', 'enable.idempotence': false } },
        lines: ACKS_RUN,
      },
      {
        label: 'acks=1',
        mode: 'kraft',
        shop: { rate: 100, web: { acks: '1', 'enable.idempotence': false } },
        lines: [...ACKS_RUN, 'ledger lost', 'why lost 2'],
      },
      { label: 'acks=all', mode: 'kraft', shop: { rate: 100 }, lines: ACKS_RUN },
    ],
  },
  {
    asked: 'What happens when a consumer crashes before or after it commits?',
    told: [
      'The next one begins at the committed offset. Who commits after the work reads again what it had worked on: the group was handed more records than there are.',
      'Who commits before the work is handed each record once; what it had not worked on yet when it died nobody works on.',
    ].join('\n'),
    runs: [
      {
        label: '`commit: after`',
        mode: 'kraft',
        shop: { members: 1, process: '50ms', commit: 'after' },
        lines: CRASH_RUN,
      },
      {
        label: '`commit: before`',
        mode: 'kraft',
        shop: { members: 1, process: '50ms', commit: 'before' },
        lines: CRASH_RUN,
      },
    ],
  },
  {
    asked: 'What happens when every replica of the ISR is down?',
    told: [
      'The partition has no leader until one of them is back, and the order in which they died decides who may lead. An unclean election makes it available at once, and loses what only the ISR had.',
    ].join('\n'),
    runs: [
      {
        mode: 'zookeeper',
        shop: { topic: { 'min.insync.replicas': 1 } },
        lines: [
          'wait 3s',
          'kill broker-3',
          'wait 20s',
          'kill broker-2',
          'wait 20s',
          'kill broker-1',
          'wait 1s',
          'why orders-0.available',
          'start broker-2',
          'wait 20s',
          'why orders-0.leader',
          'electLeaders orders-0 --type unclean',
          'settle',
          'why ledger.lost',
        ],
      },
      {
        label:
          'KRaft counts with eligible leader replicas (KIP-966): who stopped cleanly may lead although it is in no ISR',
        mode: 'kraft',
        lines: [
          'wait 3s',
          'kill broker-3',
          'wait 12s',
          'stop broker-2',
          'kill broker-1',
          'wait 12s',
          'start broker-3',
          'wait 3s',
          'why orders-0.leader',
          'why orders-0.elr',
          'start broker-2',
          'wait 3s',
          'why orders-0.leader',
        ],
      },
    ],
  },
  {
    asked: 'What happens when the controller dies?',
    told: 'The others elect one with a higher epoch; records flow meanwhile.',
    runs: [
      {
        mode: 'kraft',
        lines: [
          'wait 4s',
          'kill controller',
          'wait 5s',
          'why controller.id',
          'why controller.epoch | head -1',
          'why web.longestGap',
        ],
      },
      {
        label:
          'With ZooKeeper its znode goes with its session; whoever makes it anew first is the next, and counts the epoch up',
        mode: 'zookeeper',
        lines: [
          'wait 4s',
          'kill controller',
          'wait 20s',
          'why controller.id',
          'why znode(/controller).data',
          'why znode(/controller_epoch).data | head -1',
        ],
      },
    ],
  },
  {
    asked: 'What happens when there are more consumers than partitions?',
    told: 'Those that are too many own nothing; they wait for somebody to die.',
    runs: [
      {
        mode: 'kraft',
        shop: { members: 4 },
        lines: [
          'wait 10s',
          'kafka-consumer-groups --describe --group billing --members',
          'why billing[3]',
          'stop billing[0]',
          'wait 5s',
          'why billing[3]',
        ],
      },
    ],
  },
  {
    asked: 'What happens when processing takes longer than max.poll.interval.ms, or session.timeout.ms?',
    told: [
      'Two clocks: heartbeats go out beside the work, so a slow application never violates session.timeout.ms; it leaves the group by itself after max.poll.interval.ms, and what it commits then is refused.',
      'A process that stands still sends no heartbeat either: its coordinator throws it out after session.timeout.ms.',
    ].join('\n'),
    runs: [
      {
        label: 'A poll() that returns 50 records of 400 ms each, with max.poll.interval.ms=10000',
        mode: 'kraft',
        shop: {
          process: '400ms',
          commit: 'after',
          billing: { 'max.poll.interval.ms': 10_000, 'max.poll.records': 50 },
        },
        lines: ['wait 20s', 'why group-member-left', 'wait 20s', 'why partitions-lost', 'why billing.rebalances'],
      },
      {
        label: 'A process that stands still for 60 s',
        mode: 'kraft',
        lines: [
          'wait 8s',
          'pause billing[1] --during 60s',
          'wait 50s',
          'why group-member-left',
          'wait 20s',
          'why UNKNOWN_MEMBER_ID',
        ],
      },
    ],
  },
  {
    asked: 'What happens when ZooKeeper loses one node, its quorum, or everything?',
    told: [
      'One of three changes nothing. Without a quorum brokers go on serving, and nothing is decided: no leader is elected, no topic is made.',
      'With a quorum again, what had come due is decided; sessions begin anew then, so brokers that live are not thrown out.',
    ].join('\n'),
    runs: [
      {
        mode: 'zookeeper',
        lines: [
          'wait 4s',
          'kill quorumFollower',
          'wait 5s',
          'why quorum.available',
          'kill quorumFollower',
          'wait 5s',
          'why quorum.available',
          'why web.rate | head -1',
          'kill leader(orders-0)',
          'wait 25s',
          'why orders-0.leader',
          'kill all(quorum)',
          'consume orders --max 1',
          'start all(quorum)',
          'wait 30s',
          'why orders-0.leader',
        ],
      },
    ],
  },
];
