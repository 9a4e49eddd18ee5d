/** Typical slips of the finger, of every kind of word, and what the prompt takes them for. */
import { beforeAll, expect, test } from 'vitest';
import { newTimeline, ScriptHost } from '../../src/cli/repl/script-host.ts';
import { defaultClusterOptions } from '../../src/cluster/options.ts';

let host: ScriptHost;

beforeAll(() => {
  const orders = { name: 'orders', partitions: 3, replicationFactor: 3, assignment: undefined, config: {} };
  host = new ScriptHost(
    newTimeline({
      ...defaultClusterOptions('kraft', 7),
      timers: 'fast',
      config: { 'auto.create.topics.enable': 'false' },
      topics: [orders],
    }),
  );
  for (const line of [
    'addClient web --produce orders --rate 1/s',
    'addClient billing --consume orders --group billing',
    'pause 3 --as paused',
    'resume 3',
    'snapshot before',
    'watch orders-0.leader',
    'waitFor billing.state == Stable within 20s',
  ])
    expect(host.finish(line).lines.join()).not.toContain('did you mean');
});

test.each([
  // Verbs, questions, tools.
  ['killl 1', 'kill'],
  ['statsu', 'status'],
  ['kafka-topcs --list', 'kafka-topics'],
  ['bin/kafka-consumer-group.sh --list', 'kafka-consumer-groups'],
  ['help kil', 'kill'],
  ['help kafka-topcs', 'kafka-topics'],
  ['run killl 1', 'kill'],
  ['status | gerp orders', 'grep'],
  ['time pasue', 'pause'],
  // Options and their values.
  ['kill 1 --durign 5s', '--during'],
  ['produce orders --vlaue x', '--value'],
  ['disk 1 --fial', '--fail'],
  ['produce orders --value x --acks al', 'all'],
  ['electLeaders orders-0 --type prefered', 'preferred'],
  ['restart 1 --clean ture', 'true'],
  ['inject Prodcue --hang', 'Produce'],
  ['inject Produce --error NOT_LEADER_OR_FOLOWER', 'NOT_LEADER_OR_FOLLOWER'],
  ['createTopic new --config cleanup.polcy=compact', 'cleanup.policy'],
  ['alterConfig --topic orders --set min.insync.replcas=1', 'min.insync.replicas'],
  // Names of things.
  ['kill borker-1', 'broker-1'],
  ['kill contoller-1001', 'controller-1001'],
  ['kill wbe', 'web'],
  ['partition 1 | borker-2', 'broker-2'],
  ['start $pausd', '$paused'],
  ['startClient wbe', 'web'],
  ['produce ordrs --value x', 'orders'],
  ['electLeaders ordrs-0', 'orders-0'],
  ['electLeaders orders-3', 'orders-2'],
  ['checkout mian', 'main'],
  ['time goto befor', 'before'],
  ['unwatch orders-0.leadr', 'orders-0.leader'],
  ['metrics LeaderCuont', 'LeaderCount'],
  // Selectors.
  ['kill laeder(orders-0)', 'leader(orders-0)'],
  ['kill leader(ordres-0)', 'orders-0'],
  ['kill coordinator(biling)', 'billing'],
  ['kill random(borkers)', 'brokers'],
  // Expressions.
  ['expect orders-0.ledaer == 1', 'orders-0.leader'],
  ['expect ordres-0.leader == 1', 'orders-0'],
  ['expect biling.lag == 0', 'billing'],
  ['expect wbe.acked > 0', 'web'],
  ['expect topic(ordrs).offline == 0', 'orders'],
  ['expect orders-0.leader = 1', '"=="'],
  ['watch clutser.brokers', 'cluster'],
  ['why billing.lga', 'billing.lag'],
  // Kafka's tools.
  ['kafka-topics --lst', '--list'],
  ['kafka-topics --describe --topc orders', '--topic'],
  ['kafka-topics --describe --topic ordrs', 'orders'],
  ['kafka-topics --create --topic new --config min.insync.replcas=2', 'min.insync.replicas'],
  ['kafka-consumer-groups --describe --group biling', 'billing'],
  ['kafka-configs --entity-type topcs --entity-name orders --describe', 'topics'],
  ['kafka-leader-election --election-type prefered --all-topic-partitions', 'preferred'],
])('%s', (line, meant) => {
  const { ok, lines } = host.finish(line);
  expect(lines.join('\n')).toContain(`did you mean ${meant}?`);
  expect(ok).toBe(false);
});
