/** Transactions across real brokers, played request by request, by both protocols and in both modes. */
import { describe, expect, test } from 'vitest';
import { ID, type Protocol, type TestProducer, TransactionHarness } from './transaction-harness.ts';

const VARIANTS: readonly { name: string; protocol: Protocol; mode: 'kraft' | 'zookeeper' }[] = [
  { name: 'Kafka 3.9, ZooKeeper mode', protocol: 1, mode: 'zookeeper' },
  { name: 'a client of the first protocol, KRaft mode', protocol: 1, mode: 'kraft' },
  { name: 'transaction.version 2, KRaft mode', protocol: 2, mode: 'kraft' },
];

describe.each(VARIANTS)('$name', ({ protocol, mode }) => {
  const harnessOf = (config: Record<string, string> = {}) => new TransactionHarness(protocol, { mode, config });

  test('what is committed is read, what is aborted is not', () => {
    const harness = harnessOf();
    const producer = harness.begin();
    const coordinator = harness.coordinatorOf(ID);
    expect(harness.write(producer, 'orders-0', 'a')).toBe(0);
    expect(harness.write(producer, 'orders-0', 'b')).toBe(1);
    expect(harness.write(producer, 'orders-1', 'c')).toBe(0);
    harness.run(1000);
    expect(harness.lastStable('orders-0')).toBe(0);
    expect(harness.read('orders-0')).toEqual([]);
    expect(harness.read('orders-0', 'uncommitted')).toEqual(['a', 'b']);
    expect(harness.described(coordinator)).toMatch(
      /^Ongoing epoch=0 \[orders-0,1|Ongoing epoch=0 \[orders-0,orders-1\]/,
    );
    expect(harness.end(coordinator, producer, true)).toBe('NONE');
    harness.run(1000);
    expect(harness.read('orders-0')).toEqual(['a', 'b', '[commit]']);
    expect(harness.read('orders-1')).toEqual(['c', '[commit]']);
    expect(harness.described(coordinator)).toBe(`CompleteCommit epoch=${protocol === 2 ? 1 : 0} []`);

    expect(harness.write(producer, 'orders-0', 'd')).toBe(3);
    expect(harness.end(coordinator, producer, false)).toBe('NONE');
    harness.run(1000);
    expect(harness.read('orders-0')).toEqual(['a', 'b', '[commit]', '!d', '[abort]']);
    expect(harness.lastStable('orders-0')).toBe(5);
    expect(harness.described(coordinator)).toBe(`CompleteAbort epoch=${protocol === 2 ? 2 : 0} []`);
  });

  test('offsets count when the transaction commits, and are unstable until then', () => {
    const harness = harnessOf();
    const producer = harness.begin();
    harness.coordinatorOf('readers', 0);
    const coordinator = harness.coordinatorOf(ID);
    expect(harness.commitOffset(producer, 'readers', 5)).toBe('NONE');
    expect(harness.committed('readers')).toBe(-1);
    expect(harness.committed('readers', true)).toBe('UNSTABLE_OFFSET_COMMIT');
    expect(harness.end(coordinator, producer, true)).toBe('NONE');
    harness.run(1000);
    expect(harness.committed('readers', true)).toBe(5);
    expect(harness.commitOffset(producer, 'readers', 9)).toBe('NONE');
    expect(harness.end(coordinator, producer, false)).toBe('NONE');
    harness.run(1000);
    expect(harness.committed('readers', true)).toBe(5);
  });

  test('a second producer of the same id fences the first, whose transaction is aborted', () => {
    const harness = harnessOf();
    const zombie = harness.begin();
    const coordinator = harness.coordinatorOf(ID);
    expect(harness.write(zombie, 'orders-0', 'zombie')).toBe(0);
    // The open transaction has to be aborted first: the newcomer is told to come again.
    expect(harness.init(coordinator)).toBe('CONCURRENT_TRANSACTIONS');
    const producer = harness.begin();
    expect(producer).toMatchObject({ id: zombie.id, epoch: mode === 'kraft' ? 3 : 2 });
    expect(harness.send(zombie, 'orders-0', 'late')).toBe('INVALID_PRODUCER_EPOCH');
    expect(harness.end(coordinator, zombie, true)).toBe('PRODUCER_FENCED');
    expect(harness.write(producer, 'orders-0', 'mine')).toBe(2);
    expect(harness.end(coordinator, producer, true)).toBe('NONE');
    harness.run(1000);
    expect(harness.read('orders-0')).toEqual(['!zombie', '[abort]', 'mine', '[commit]']);
    // By the second protocol the leader asks the coordinator about the late record, too.
    expect(harness.lines('transaction-producer-fenced')).toHaveLength(protocol);
  });

  test('a transaction whose time is up is aborted, and its producer fenced', () => {
    const harness = harnessOf();
    const producer = harness.begin(15_000);
    const coordinator = harness.coordinatorOf(ID);
    expect(harness.write(producer, 'orders-0', 'a')).toBe(0);
    const openedUs = harness.world.nowUs;
    while (harness.read('orders-0').length === 0) harness.run(500);
    const seconds = (harness.world.nowUs - openedUs) / 1_000_000;
    expect(seconds).toBeGreaterThan(15);
    expect(seconds).toBeLessThan(27);
    expect(harness.read('orders-0')).toEqual(['!a', '[abort]']);
    expect(harness.end(coordinator, producer, true)).toBe('PRODUCER_FENCED');
    expect(harness.send(producer, 'orders-0', 'b')).toBe('INVALID_PRODUCER_EPOCH');
  });

  test('a coordinator that dies between prepare and complete: the next one completes what was prepared', () => {
    const harness = harnessOf();
    const producer = harness.begin();
    const coordinator = harness.coordinatorOf(ID);
    const { leader } = harness.authority.partition('orders-0');
    expect(harness.write(producer, 'orders-0', 'a')).toBe(0);
    // The markers cannot be written: their partition has too few replicas for a while.
    harness.authority.setConfig('orders', 'min.insync.replicas', '3');
    harness.authority.change('orders-0', { isr: [leader] });
    harness.run(100);
    expect(harness.end(coordinator, producer, true)).toBe('NONE');
    harness.run(500);
    expect(harness.described(coordinator)).toMatch(/^PrepareCommit/);
    expect(harness.lastStable('orders-0')).toBe(0);
    const next = harness.kill(coordinator);
    harness.run(200);
    expect(harness.described(next)).toMatch(/^PrepareCommit/);
    harness.authority.setConfig('orders', 'min.insync.replicas', '1');
    harness.run(2000);
    expect(harness.read('orders-0')).toEqual(['a', '[commit]']);
    expect(harness.described(next)).toMatch(/^CompleteCommit/);
    const again: TestProducer = { ...producer, sequences: new Map() };
    // The same wish again finds itself done; the opposite is an error.
    if (protocol === 1) expect(harness.end(next, again, true)).toBe('NONE');
    expect(harness.end(next, again, false)).toBe(protocol === 1 ? 'INVALID_TXN_STATE' : 'NONE');
  });

  test('an open transaction outlives its coordinator, and goes on with the next', () => {
    const harness = harnessOf();
    const producer = harness.begin();
    const coordinator = harness.coordinatorOf(ID);
    expect(harness.write(producer, 'orders-1', 'a')).toBe(0);
    const next = harness.kill(coordinator);
    expect(harness.described(next)).toMatch(/^Ongoing/);
    expect(harness.end(next, producer, true)).toBe('NONE');
    harness.run(1000);
    expect(harness.read('orders-1')).toEqual(['a', '[commit]']);
  });

  test('a partition that nobody added is not written to', () => {
    const harness = harnessOf();
    const producer = harness.begin();
    const expected = protocol === 2 ? 0 : 'TRANSACTION_ABORTABLE';
    expect(harness.send(producer, 'orders-0', 'a')).toBe(expected);
  });
});
