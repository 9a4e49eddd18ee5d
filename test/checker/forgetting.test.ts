/** A live run may last for days: the checker remembers the latest batches alone, and takes nothing that it forgot for lost or broken. */
import { describe, expect, test } from 'vitest';
import { ReplicaLogs } from '../../src/checker/batches.ts';
import { attachChecker } from '../../src/checker/checker.ts';
import { CommittedLogs } from '../../src/checker/committed.ts';
import { Cluster } from '../../src/cluster/cluster.ts';
import { defaultClusterOptions, type Mode } from '../../src/cluster/options.ts';
import { hostPorts } from '../../src/gateway/ports.ts';
import { Session } from '../../src/tools/session.ts';

const KEPT = 50;

function busyCluster(mode: Mode) {
  const topic = { name: 'orders', partitions: 2, replicationFactor: 3, assignment: undefined, config: {} };
  const cluster = new Cluster({ ...defaultClusterOptions(mode, 7), timers: 'fast', topics: [topic] }, hostPorts);
  const logs = new ReplicaLogs(cluster.trace);
  const committed = new CommittedLogs(cluster.trace, logs, KEPT);
  const checker = attachChecker(cluster.trace, cluster.world, undefined, KEPT);
  const session = new Session(cluster, checker);
  cluster.boot();
  const role = {
    kind: 'produce',
    topic: 'orders',
    rate: { count: 100, perUs: 1_000_000 },
    keys: null,
    valueSize: 10,
  } as const;
  cluster.addClient({ name: 'web', members: 1, config: { 'linger.ms': '0' }, start: true, role });
  cluster.startClients();
  return { cluster, logs, committed, checker, session };
}

describe.each<Mode>(['kraft', 'zookeeper'])('in %s mode', (mode) => {
  test('memory stays bounded through failovers and a replica that was away for long; no verdict is false', () => {
    const { cluster, logs, committed, checker, session } = busyCluster(mode);
    const run = (line: string): void => {
      session.execute(line, ({ ok, lines }) => expect([line, ok, lines]).toEqual([line, true, lines]));
    };
    const pass = (seconds: number): void => cluster.world.runUntil(cluster.world.nowUs + seconds * 1_000_000);
    pass(10);
    run('kill leader(orders-0) --as dead');
    // Away for far more than what is remembered.
    pass(20);
    run('start $dead');
    pass(20);
    run('electLeaders orders-0');
    pass(5);
    run('powerOff leader(orders-1) --as off');
    pass(10);
    run('start $off');
    pass(20);
    for (const name of ['orders-0', 'orders-1']) {
      const log = committed.byPartition.get(name)!;
      expect(log.endOffset).toBeGreaterThan(1000);
      expect(log.knownFrom).toBeGreaterThan(500);
      expect(log.batches.length).toBeLessThanOrEqual(2 * KEPT);
      for (const replica of logs.byPartition.get(name)!.values())
        expect(replica.batches.length).toBeLessThanOrEqual(2 * KEPT + 50);
    }
    let settled = false;
    cluster.clients.stopSending(
      () => true,
      () => {
        settled = true;
      },
    );
    pass(5);
    expect(settled).toBe(true);
    checker.finish(cluster.world.nowUs);
    expect(checker.violations()).toEqual([]);
    expect(checker.ledger()).toMatchObject({ lost: 0, duplicated: 0, reordered: 0, diverged: 0 });
    expect(checker.ledger().acked).toBeGreaterThan(3000);
  });
});
