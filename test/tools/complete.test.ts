/** What Tab offers, for every kind of name: `|` is the cursor. */
import { beforeAll, expect, test } from 'vitest';
import { type Completer, completer } from '../../src/tools/complete.ts';
import { PromptScript } from './prompt-script.ts';

let complete: Completer;

beforeAll(() => {
  const script = new PromptScript('kraft', { timers: 'fast' });
  for (const line of [
    'kafka-console-consumer --topic orders --group billing --from-beginning --timeout-ms 200',
    'kafka-consumer-groups --group billing --topic orders --reset-offsets --to-earliest --execute',
    'watch orders-0.leader',
    'kill 3 --as dead',
  ])
    script.reply(line);
  complete = completer(script.session, { branches: () => ['main', 'branch-2'], snapshots: () => ['before', 'after'] });
});

function offered(text: string): readonly string[] {
  return complete(text, text.length).items;
}

test.each([
  // First words.
  ['kil', ['kill']],
  ['exp', ['expireSession', 'expect']],
  ['unw', ['unwatch']],
  ['kafka-con', ['kafka-configs', 'kafka-console-consumer', 'kafka-console-producer', 'kafka-consumer-groups']],
  ['bin/kafka-top', ['bin/kafka-topics.sh']],
  ['kafka-topics.s', ['kafka-topics.sh']],
  // Diagrams and events.
  ['diagram --on', ['--only']],
  ['diagram broker-1 --only Prod', ['Produce']],
  ['diagram --only Fetch,FetchS', ['FetchSnapshot']],
  ['diagram --around became-l', ['became-leader']],
  ['diagram leader(orders-2', []],
  ['diagram orders-', ['orders-0', 'orders-1', 'orders-2']],
  ['events 5 broker-', ['broker-1', 'broker-2', 'broker-3']],
  ['events --kind process-k', ['process-killed']],
  ['events --since 5', ['50ms', '5s']],
  ['events --svg x.svg --sp', ['--span']],
  ['run kafka-fe', ['kafka-features']],
  // Nodes, selectors, bound names.
  ['kill broker-', ['broker-1', 'broker-2', 'broker-3']],
  ['kill le', ['leader(']],
  ['kill leader(orders-', ['orders-0', 'orders-1', 'orders-2']],
  ['kill coordinator(', ['billing']],
  ['kill random(', ['brokers', 'quorum']],
  ['start $', ['$dead']],
  ['partition 1 | controller-10', ['controller-1001', 'controller-1002', 'controller-1003']],
  ['cut --between broker-1,broker-', ['broker-1', 'broker-2', 'broker-3']],
  // Options and their values.
  ['kill 1 --d', ['--during']],
  ['kill 1 --during 5s --', ['--as', '--timeout']],
  ['produce orders --a', ['--acks', '--as']],
  ['produce orders --acks ', ['all', '0', '1']],
  ['produce o', ['orders']],
  ['electLeaders orders-0 --type ', ['preferred', 'unclean']],
  ['restart 1 --clean f', ['false']],
  ['inject InitP', ['InitProducerId']],
  ['inject Produce --error NOT_LEADER', ['NOT_LEADER_OR_FOLLOWER']],
  ['createTopic new --config min.insync', ['min.insync.replicas=']],
  ['alterConfig --topic orders --set unclean', ['unclean.leader.election.enable=']],
  ['alterConfig --broker 1 --remove num.io', ['num.io.threads']],
  // Expressions.
  ['expect orders-0.le', ['orders-0.leader', 'orders-0.leo']],
  ['expect orders-0.isr.', ['orders-0.isr.size']],
  [
    'expect orders-0@2.',
    [
      'orders-0@2.leader',
      'orders-0@2.epoch',
      'orders-0@2.isr',
      'orders-0@2.hw',
      'orders-0@2.leo',
      'orders-0@2.start',
      'orders-0@2.segments',
    ],
  ],
  ['expect orders-0.isr.size == 3 wi', ['within']],
  ['expect orders-', ['orders-0.', 'orders-1.', 'orders-2.']],
  ['expect cluster.act', ['cluster.activeControllers']],
  ['expect not (quorum.av', ['quorum.available']],
  ['let leader = orders-0.lea', ['orders-0.leader']],
  ['waitFor billing.la', ['billing.lag']],
  ['expect topic(', ['orders']],
  ['expect topic(orders).off', ['orders).offline']],
  // Questions.
  ['watch broker-1.st', ['broker-1.state']],
  ['unwatch ', ['orders-0.leader']],
  ['why process-k', ['process-killed']],
  ['why lo', ['lost']],
  ['why ledger.lo', ['ledger.lost']],
  ['metrics UnderM', ['UnderMinIsrPartitionCount', 'UnderMinIsr']],
  ['help kafka-g', ['kafka-get-offsets', 'kafka-groups']],
  ['help unw', ['unwatch']],
  ['checkout br', ['branch-2']],
  ['time go', ['goto']],
  ['time goto be', ['before']],
  ['time speed m', ['max']],
  // Kafka's tools.
  ['kafka-topics --describe --topics', ['--topics-with-overrides']],
  ['kafka-topics --topic o', ['orders']],
  ['kafka-topics --create --topic x --config cleanup', ['cleanup.policy=']],
  ['kafka-topics --create --topic x --config cleanup.policy=', ['compact', 'delete']],
  ['kafka-consumer-groups --group b', ['billing']],
  ['kafka-configs --entity-type broker', ['brokers', 'broker-loggers']],
  ['kafka-configs --entity-type brokers --entity-name ', ['1', '2', '3']],
  ['kafka-configs --entity-type brokers --add-config log.retention.b', ['log.retention.bytes=']],
  ['kafka-configs --topic orders --alter --delete-config reten', ['retention.bytes', 'retention.ms']],
  ['kafka-console-consumer --isolation-level read_c', ['read_committed']],
  ['kafka-console-producer --topic orders --producer-property ac', ['acks=']],
  // Behind a bar.
  ['status | gr', ['grep']],
  ['echo hello | kafka-console-p', ['kafka-console-producer']],
  ['echo hello | kafka-console-producer --topic o', ['orders']],
  ['say le', []],
] as const)('%s', (text, items) => {
  expect(offered(text)).toEqual(items);
});

test('event ids, the newest first; internal topics only where they are begun', () => {
  expect(offered('why #')[0]).toMatch(/^#\d+$/);
  expect(offered('time goto #').length).toBeGreaterThan(5);
  expect(offered('kafka-topics --topic __')).toEqual(['__consumer_offsets']);
});

test('everything that can be typed first is offered for nothing', () => {
  expect(offered('').length).toBeGreaterThan(80);
});

test('commands of zkCli, and one level of the tree after the other', () => {
  const { session } = new PromptScript('zookeeper', { timers: 'fast' });
  complete = completer(session);
  expect(offered('zk l')).toEqual(['listquota', 'ls']);
  expect(offered('zk ls -')).toEqual(['-s', '-w', '-R']);
  expect(offered('zk ls /con')).toEqual(['/consumers', '/config', '/controller_epoch', '/controller']);
  expect(offered('zk get -s /brokers/')).toEqual(expect.arrayContaining(['/brokers/ids', '/brokers/topics']));
  expect(offered('zk get /brokers/topics/orders/partitions/')).toEqual(
    [0, 1, 2].map((id) => `/brokers/topics/orders/partitions/${id}`),
  );
  expect(offered('expect znode(/controller).e')).toEqual(['/controller).exists']);
});
