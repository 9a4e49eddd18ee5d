import { execFileSync } from 'node:child_process';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import {
  ClusterAssertionError,
  ClusterCommandError,
  ClusterOptionsError,
  type KafkaCluster,
  playScenario,
  type StartOptions,
  startCluster,
} from '../../src/index.ts';

const clusters: KafkaCluster[] = [];

async function start(options: StartOptions = {}): Promise<KafkaCluster> {
  const cluster = await startCluster({ timers: 'fast', topics: { orders: { partitions: 3 } }, ...options });
  clusters.push(cluster);
  return cluster;
}

afterEach(async () => {
  for (const cluster of clusters.splice(0)) await cluster.stop();
});

function accepts(address: string): Promise<boolean> {
  const at = address.lastIndexOf(':');
  return new Promise((resolve) => {
    const socket = connect({ host: address.slice(0, at), port: Number(address.slice(at + 1)) });
    socket.on('connect', () => {
      resolve(true);
      socket.destroy();
    });
    socket.on('error', () => resolve(false));
  });
}

describe('a cluster in a program', () => {
  test.each(['kraft', 'zookeeper'] as const)('is broken and watched by its methods, in %s mode', async (mode) => {
    const cluster = await start({ mode });
    expect(cluster.bootstrapServer.split(',')).toEqual(cluster.bootstrapServers);
    expect(cluster.bootstrapServers).toHaveLength(3);
    const { value } = await cluster.produce('orders', { partition: 0, value: 'first', acks: 'all' });
    expect(value).toBe(0);
    const killed = await cluster.kill('leader(orders-0)', { as: 'dead' });
    expect(killed).toMatchObject({ resolved: ['broker-1'], effect: true });
    await cluster.expect('orders-0.leader != $dead within 30s');
    expect(await cluster.value('orders-0.leader')).toBe(2);
    expect(await cluster.start('broker-2', { timeout: '10ms' }).catch((error: unknown) => error)).toBeInstanceOf(
      ClusterCommandError,
    );
    expect((await cluster.consume('orders', { max: 5 })).value).toEqual(['first']);
    await cluster.settle();
    expect(await cluster.value('orders-0.isr.size')).toBe(3);
    expect(cluster.ledger()).toMatchObject({ sent: 1, acked: 1, lost: 0 });
  });

  test('says what it saw where something did not come true', async () => {
    const cluster = await start({ seed: 9 });
    await cluster.kill('broker-1');
    const failed = await cluster.expect('orders-0.isr.size == 4 within 10ms').catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(ClusterAssertionError);
    expect(failed).toMatchObject({ name: 'ClusterAssertionError', code: 'ERR_ASSERTION', observed: '3', seed: 9 });
    expect((failed as ClusterAssertionError).message).toContain('expected orders-0.isr.size == 4 within 10ms');
    expect((failed as ClusterAssertionError).causes[0]).toBe('orders-0.isr.size is 3');
    expect((failed as ClusterAssertionError).message).toContain('orders-0 was created with leader 1 and ISR [1, 2, 3]');
  });

  test('refuses lines and options that mean nothing, with what to write instead', async () => {
    const cluster = await start();
    await expect(cluster.run('kil broker-1')).rejects.toThrow(ClusterCommandError);
    await expect(cluster.run('kil broker-1')).rejects.toThrow('did you mean kill?');
    await expect(cluster.kill('broker-9')).rejects.toThrow('broker-9');
    const nonsense = { brokrs: 3, topics: { a: { config: { 'min.insyc.replicas': 1 } } } } as StartOptions;
    const refused = await startCluster(nonsense).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ClusterOptionsError);
    expect((refused as Error).message).toContain('did you mean "brokers"?');
    expect((refused as Error).message).toContain('did you mean min.insync.replicas?');
    await expect(startCluster({ partitionMemory: '3 elephants' })).rejects.toThrow('is not a size from 1MiB');
  });

  test('tells what happens as it happens, until it ends', async () => {
    const cluster = await start();
    const seen: string[] = [];
    const reading = (async () => {
      for await (const { kind, node, fields } of cluster.events({ kinds: ['process-killed', 'partition-changed'] })) {
        seen.push(kind === 'process-killed' ? `${kind} ${node}` : `${kind} ${fields.partition} ${fields.leader}`);
        if (kind === 'partition-changed' && fields.partition === 'orders-0') break;
      }
    })();
    await cluster.kill('broker-1');
    await reading;
    expect(seen).toEqual(['process-killed broker-1', 'partition-changed orders-0 2']);
    const open = cluster.events()[Symbol.asyncIterator]();
    await cluster.stop();
    expect(await open.next()).toEqual({ done: true, value: undefined });
  });

  test('gives its place to an empty one, at the same addresses', async () => {
    const cluster = await start();
    const addresses = [...cluster.bootstrapServers];
    await cluster.produce('orders', { value: 'x' });
    await cluster.kill('broker-2');
    await cluster.reset();
    expect(cluster.bootstrapServers).toEqual(addresses);
    expect(await cluster.value('orders.records')).toBe(0);
    expect(await cluster.value('cluster.offlinePartitions')).toBe(0);
    expect(await Promise.all(addresses.map(accepts))).toEqual([true, true, true]);
  });

  test('stands beside others, and frees its ports', async () => {
    const many = await Promise.all([start(), start({ mode: 'zookeeper' }), start({ brokers: 1, quorum: 1 })]);
    const ports = many.flatMap(({ bootstrapServers }) => bootstrapServers);
    expect(new Set(ports).size).toBe(7);
    await many[0]!.stop();
    await many[0]!.stop();
    expect(await accepts(many[0]!.bootstrapServers[0]!)).toBe(false);
    expect(await accepts(many[1]!.bootstrapServers[0]!)).toBe(true);
    await expect(many[0]!.run('status')).rejects.toThrow('the cluster has ended');
  });

  test('has simulated clients beside the real ones', async () => {
    const cluster = await start({ clients: { web: { produce: 'orders', rate: '100/s' } } });
    await cluster.expect('web.acked >= 20 within 10s');
    await cluster.settle();
    expect(cluster.ledger().lost).toBe(0);
  });
});

test('nothing of a cluster that was stopped keeps a process alive', () => {
  const program = `
    import { startCluster } from 'kzsim';
    const cluster = await startCluster({ timers: 'fast' });
    await cluster.kill('broker-1');
    await cluster.stop();
    console.log('stopped');
  `;
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    timeout: 30_000,
  });
  expect(out).toBe('stopped\n');
});

test('a scenario is played and reported', async () => {
  const report = await playScenario('scenarios/leader-crash.yaml', { mode: 'zookeeper' });
  expect(report).toMatchObject({ schema: 1, mode: 'zookeeper', seed: 42, result: 'passed' });
  expect((await playScenario('scenarios/leader-crash.yaml', { seed: 7 })).seed).toBe(7);
  await expect(playScenario('scenarios/none.yaml')).rejects.toThrow('ENOENT');
});
