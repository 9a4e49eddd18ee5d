/**
 * The flow that every real client goes through, described once: administration, each compression, a group of three, commit and
 * resume, transactions, and the kill of a leader, a coordinator and a controller under load.
 */
import { expect } from 'vitest';
import type { Administration, Group, Load, PeerDriver } from './driver.ts';
import { contents, FLAWLESS, judge, range } from './judge.ts';
import type { Target } from './target.ts';

export interface FlowStep {
  readonly name: string;
  /** Why this client has no such step; undefined if it has. */
  missing(driver: PeerDriver): string | undefined;
  run(driver: PeerDriver, target: Target): Promise<void>;
}

const MEMBERS = 3;
/** Acknowledgements, or records read, that show that things go on. */
const PROGRESS = 60;
const PATIENCE_MS = 45_000;
const POLL_MS = 50;

/** Waits until `value` gives at least `least`. */
async function reach(what: string, least: number, value: () => Promise<number>): Promise<number> {
  const limitMs = Date.now() + PATIENCE_MS;
  for (;;) {
    const now = await value();
    if (now >= least) return now;
    if (Date.now() > limitMs) throw new Error(`${what}: ${now} instead of ${least} after ${PATIENCE_MS / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Makes a topic: by the client itself where it can, else by the operator of the cluster. */
async function createTopic(driver: PeerDriver, target: Target, topic: string, partitions: number): Promise<void> {
  if (driver.administration === null) {
    await target.execute(`createTopic ${topic} --partitions ${partitions} --replicationFactor 3`);
    return;
  }
  await driver.administration.create(topic, { partitions, replicationFactor: 3 });
  await reach(`partitions of ${topic}`, partitions, () => knownPartitions(driver.administration!, topic));
}

/** Partitions that the client sees; a topic is known to a broker a moment after it is made. */
async function knownPartitions(administration: Administration, topic: string): Promise<number> {
  try {
    return (await administration.describe(topic)).partitions;
  } catch {
    return 0;
  }
}

const administration: FlowStep = {
  name: 'create, describe and delete topics',
  missing: (driver) => (driver.administration === null ? driver.without : undefined),
  async run(driver, target) {
    const admin = driver.administration!;
    await createTopic(driver, target, 'short-lived', 4);
    expect(await admin.describe('short-lived')).toEqual({ partitions: 4, replicationFactor: 3 });
    expect(await admin.topics()).toContain('short-lived');
    await expect(admin.create('short-lived', { partitions: 4, replicationFactor: 3 })).rejects.toThrow(/exist/i);
    await admin.delete('short-lived');
    await reach('deleted', 1, async () => ((await admin.topics()).includes('short-lived') ? 0 : 1));
  },
};

const compression: FlowStep = {
  name: 'produce with each compression',
  missing: () => undefined,
  async run(driver, target) {
    await createTopic(driver, target, 'compressed', 3);
    let first = 0;
    for (const codec of driver.compressions) {
      await driver.produce('compressed', codec, first, 40);
      first += 40;
    }
    expect(contents(await driver.read('compressed', 'read_committed', first))).toEqual(range(0, first));
  },
};

const group: FlowStep = {
  name: 'consume by a group of three, commit and resume',
  missing: () => undefined,
  async run(driver, target) {
    await createTopic(driver, target, 'shared', 6);
    await driver.produce('shared', 'none', 0, 120);
    const first = await driver.group('readers', MEMBERS, 'shared');
    await reach('records of the first run', 120, () => first.received());
    expect([...new Set(await first.stop())].sort((left, right) => left - right)).toEqual(range(0, 120));
    if (driver.administration !== null) expect(await driver.administration.committed('readers', 'shared')).toBe(120);
    await driver.produce('shared', 'none', 120, 60);
    const second = await driver.group('readers', MEMBERS, 'shared');
    await reach('records of the second run', 60, () => second.received());
    expect([...(await second.stop())].sort((left, right) => left - right)).toEqual(range(120, 60));
  },
};

const transactions: FlowStep = {
  name: 'commit and abort transactions, relay exactly once',
  missing: (driver) => (driver.transactions === null ? driver.without : undefined),
  async run(driver, target) {
    const { transact, relay } = driver.transactions!;
    await createTopic(driver, target, 'ledger', 3);
    await transact('ledger', 0, 30, 'commit');
    await transact('ledger', 30, 30, 'abort');
    await transact('ledger', 60, 30, 'commit');
    const kept = [...range(0, 30), ...range(60, 30)];
    expect(contents(await driver.read('ledger', 'read_committed', 60))).toEqual(kept);
    expect(contents(await driver.read('ledger', 'read_uncommitted', 90))).toEqual(range(0, 90));
    await createTopic(driver, target, 'copies', 3);
    await relay('ledger', 'copies', 'relays', 60);
    expect(contents(await driver.read('copies', 'read_committed', 60))).toEqual(kept);
  },
};

/** Kills `victim` while records are produced and read, and asks that both go on. */
async function kill(victim: string, target: Target, load: Load, readers: Group): Promise<void> {
  await target.execute(`kill ${victim} --as victim`);
  await reach(`acknowledged after the kill of ${victim}`, (await load.acknowledged()) + PROGRESS, () =>
    load.acknowledged(),
  );
  await reach(`read after the kill of ${victim}`, (await readers.received()) + PROGRESS, () => readers.received());
  await target.execute('start $victim');
}

const failover: FlowStep = {
  name: 'survive the kill of the leader, of the coordinator and of the controller under load',
  missing: () => undefined,
  async run(driver, target) {
    await createTopic(driver, target, 'loaded', 3);
    const load = await driver.load('loaded');
    const readers = await driver.group('survivors', MEMBERS, 'loaded');
    await reach('acknowledged', PROGRESS, () => load.acknowledged());
    await reach('read', PROGRESS, () => readers.received());
    for (const victim of ['leader(loaded-0)', 'coordinator(survivors)', 'controller']) {
      await kill(victim, target, load, readers);
      for (const partition of [0, 1, 2]) await target.execute(`expect loaded-${partition}.isr.size == 3 within 30s`);
    }
    const outcome = await load.stop();
    const log = await driver.read('loaded', 'read_committed', outcome.acknowledged.length);
    const inLog = new Set(contents(log)).size;
    await reach('read in the end', inLog, () => readers.received());
    const judgement = judge(outcome, log, await readers.stop());
    expect(driver.keepsOrder ? judgement : { ...judgement, disordered: [] }).toEqual(FLAWLESS);
  },
};

export const FLOW: readonly FlowStep[] = [administration, compression, group, transactions, failover];
