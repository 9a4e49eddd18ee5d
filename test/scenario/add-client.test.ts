/** Clients that a step adds. */
import { describe, expect, test } from 'vitest';
import { ScenarioError } from '../../src/scenario/diagnostics.ts';
import { readScenario } from '../../src/scenario/read.ts';
import { reportOf } from '../../src/scenario/report.ts';
import { start } from './play.ts';

const head = `version: 1
name: more clients
cluster: { brokers: 3, quorum: 1, timers: fast }
topics: { orders: { partitions: 3 }, invoices: {} }
clients:
  web: { produce: orders, rate: 20/s }
`;

describe.each(['kraft', 'zookeeper'] as const)('in %s mode', (mode) => {
  test('they run from the step on, and can be named everywhere', () => {
    const body = `steps:
  - at: 2s
    addClient: shop
    produce: orders
    rate: 50/s
    members: 2
    config: { acks: all }
  - at: 2s
    addClient: billing
    consume: orders
    group: bills
    members: 2
    as: readers
  - at: 2s
    addClient: later
    transform: { from: [orders], to: invoices }
    config: { acks: all, auto.offset.reset: earliest }
    start: false
  - wait: 4s
  - expect: shop.acked > 150
  - expect: bills.members == 2
  - expect: invoices-0.hw == 0
  - startClient: later
  - expect: invoices-0.hw > 200 within 5s
  - kill: billing[0]
  - set: { client: shop, rate: 100/s }
finally:
  - ledger.lost == 0
  - bills.lag == 0 within 20s
`;
    const run = start(body, { head, mode });
    run.finish();
    const { result, reason, ledger } = reportOf(run, 0);
    expect({ result, reason }).toEqual({ result: 'passed', reason: null });
    expect(ledger.acked).toBeGreaterThan(300);
  });
});

test.each([
  ['addClient: web\n    produce: orders', 'there are two clients "web"'],
  ['addClient: broker-1\n    produce: orders', '"broker-1" is the name of a node - call the client otherwise'],
  ['addClient: x', 'client x does nothing - say one of produce: TOPIC, consume: TOPIC, transform: { from, to }'],
  ['addClient: x\n    produce: ordres', 'there is no topic "ordres" - did you mean orders?'],
  ['addClient: x\n    consume: [orders, paymnets]', 'there is no topic "paymnets"'],
  ['addClient: x\n    transform: { from: order, to: invoices }', 'there is no topic "order" - did you mean orders?'],
  [
    'addClient: x\n    produce: orders\n    config: { ack: all }',
    'ack is no configuration of a producer; did you mean acks?',
  ],
  ['addClient: x\n    produce: orders\n    transaction: {}', 'client x has no transactions'],
])('a file says of %j: %s', (step, message) => {
  const text = `${head}steps:\n  - ${step}\n`;
  let said: readonly string[] = [];
  try {
    readScenario('f.yaml', text);
  } catch (thrown) {
    if (!(thrown instanceof ScenarioError)) throw thrown;
    said = thrown.message.split('\n');
  }
  expect(said.join('\n')).toContain(message);
});
