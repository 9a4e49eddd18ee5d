/**
 * `why` for the deciding events of every scenario that comes with kzsim, as golden texts. Each must end at the true cause: read what
 * `npx vitest run test/tools/why.test.ts -u` changes.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { hostPorts } from '../../src/gateway/ports.ts';
import { ScenarioRun } from '../../src/scenario/player.ts';
import { readScenario } from '../../src/scenario/read.ts';
import { Session } from '../../src/tools/session.ts';

const FOLDER = new URL('../../scenarios/', import.meta.url);
const FILES = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.yaml'))
  .sort();

const HASHES = JSON.parse(readFileSync(new URL('../golden/hashes.json', import.meta.url), 'utf8'));

/** Questions by file: a time in seconds, or the end of the run, and what is asked then. */
type Questions = readonly (readonly [number | 'end', ...string[]])[];

const ASKED: Readonly<Record<string, Questions>> = {
  'acks1-loss.yaml': [
    [30, 'orders-0.leader'],
    ['end', 'lost', 'ledger.truncated'],
  ],
  'broker-pause.yaml': [
    [28, 'orders-0.leader', 'orders-0.isr', 'broker-1.state'],
    ['end', 'web.lastError', 'orders-0.isr'],
  ],
  'chaos-safe-settings.yaml': [
    [12, 'orders-0.leader', 'web.lastError'],
    ['end', 'orders-0.isr', 'NETWORK_EXCEPTION', 'REQUEST_TIMED_OUT'],
  ],
  'clean-stop.yaml': [
    [7, 'orders-0.leader', 'orders-0.isr', 'broker-1.state'],
    ['end', 'orders-0.isr'],
  ],
  'consumer-crash.yaml': [
    [15, 'billing.lag'],
    [23, 'billing.members', 'billing.state', 'billing.generation', 'REBALANCE_IN_PROGRESS'],
    ['end', 'billing.lag'],
  ],
  'controller-failover.yaml': [
    [23, 'controller.id', 'controller.epoch', 'quorum.leader'],
    ['end', 'invoices-0.leader'],
  ],
  'exactly-once-transform.yaml': [
    [8, 'txn(billing).aborted', 'CONCURRENT_TRANSACTIONS'],
    ['end', 'txn(billing).coordinator', 'audit.lag', 'NOT_ENOUGH_REPLICAS'],
  ],
  'isr-below-minimum.yaml': [
    [12, 'orders-0.isr', 'web.lastError', 'orders-0.hw'],
    ['end', 'orders-0.isr', 'NOT_ENOUGH_REPLICAS'],
  ],
  'leader-crash.yaml': [
    [22, 'orders-0.leader', 'orders-0.isr', 'broker-1.state', 'billing.state'],
    ['end', 'orders-0.isr', 'UNKNOWN_MEMBER_ID', 'NETWORK_EXCEPTION'],
  ],
  'lost-ack-duplicates.yaml': [['end', 'ledger.duplicated', 'web.lastError']],
  'lost-ack.yaml': [['end', 'web.lastError', 'web.retried']],
  'quorum-loss.yaml': [
    [14, 'quorum.leader', 'quorum.available', 'controller.id'],
    ['end', 'quorum.leader', 'controller.id'],
  ],
  'rolling-restart.yaml': [['end', 'orders-0.leader', 'orders-0.isr', 'web.lastError']],
  'txn-coordinator-crash.yaml': [
    [4, 'txn(etl).state'],
    ['end', 'txn(etl).coordinator', 'CONCURRENT_TRANSACTIONS'],
  ],
  'unclean-election.yaml': [
    [39, 'orders-0.leader', 'orders-0.isr', 'cluster.uncleanElections'],
    ['end', 'lost', 'OUT_OF_ORDER_SEQUENCE_NUMBER', 'broker-1.state'],
  ],
  'zombie-leader.yaml': [
    [30, 'orders-0.leader', 'orders-0@1.leader'],
    ['end', 'web.lastError', 'log-truncated', 'lost'],
  ],
  'zombie-producer.yaml': [['end', 'zombie.lastError', 'PRODUCER_FENCED', 'INVALID_PRODUCER_EPOCH', 'zombie.state']],
};

function answers(file: string, questions: Questions): string {
  const plan = readScenario(file, readFileSync(new URL(file, FOLDER), 'utf8'));
  const told: string[] = [];
  for (const mode of plan.modes) {
    const run = new ScenarioRun(plan, { mode, seed: plan.seed, ports: hostPorts });
    const session = new Session(run.cluster, run.checker, run.runner);
    run.boot();
    for (const [at, ...subjects] of questions) {
      if (at === 'end') run.finish();
      else run.advance((run.cluster.zeroUs ?? 0) + at * 1_000_000, Number.MAX_SAFE_INTEGER);
      for (const subject of subjects) {
        told.push(`${mode}, ${session.time}> why ${subject}`);
        session.execute(`why ${subject}`, ({ lines }) => told.push(...lines, ''));
      }
    }
    // A session listens in on every message: looking leaves no mark.
    if (run.finished) expect([file, mode, run.cluster.trace.hash()]).toEqual([file, mode, HASHES[file][mode]]);
  }
  return told.join('\n');
}

test('every scenario is asked', () => {
  expect(Object.keys(ASKED)).toEqual(FILES);
});

test.each(Object.entries(ASKED))('%s', async (file, questions) => {
  await expect(answers(file, questions)).toMatchFileSnapshot(`../golden/why/${file.replace('.yaml', '.txt')}`);
});
