import { expect, test } from 'vitest';
import { CLIENT_PORT } from '../../src/broker/listeners.ts';
import { AdminClient, type AdminResult } from '../../src/client/admin/admin-client.ts';
import * as ask from '../../src/client/admin/requests.ts';
import type { ClientEnvironment } from '../../src/client/environment.ts';
import { Cluster } from '../../src/cluster/cluster.ts';
import { defaultClusterOptions } from '../../src/cluster/options.ts';
import { adminConfig } from '../../src/config/resources.ts';
import { compression } from '../../src/gateway/compression/index.ts';
import { hostPorts } from '../../src/gateway/ports.ts';
import type { Context } from '../../src/kernel/api.ts';
import { DescribeGroups } from '../../src/protocol/apis/15-describe-groups.ts';
import { CreateTopics } from '../../src/protocol/apis/19-create-topics.ts';
import { ErrorCode } from '../../src/protocol/errors.ts';

/** Where the brokers of a cluster are advertised. */
const FIRST_PORT = 9092;

function begin(config: Record<string, number> = {}) {
  const options = { ...defaultClusterOptions('kraft', 1), timers: 'fast' as const };
  const cluster = new Cluster(options, hostPorts);
  cluster.boot();
  const environment: ClientEnvironment = {
    release: '4.2',
    bootstrap: [1, 2, 3].map((id) => ({ host: 'localhost', port: FIRST_PORT + id - 1 })),
    resolve: (_host, port) => ({ node: `broker-${port - FIRST_PORT + 1}`, port: CLIENT_PORT }),
    rpc: cluster.rpc,
    compression,
  };
  let context!: Context;
  cluster.addNode('admin', 'operator', (made) => {
    context = made;
    return {};
  });
  cluster.start('admin');
  const admin = new AdminClient(context, environment, adminConfig(config, { version: '4.2' }));
  const run = (ms: number) => cluster.world.runUntil(cluster.world.nowUs + ms * 1000);
  return { cluster, admin, run };
}

function keep<T>(into: AdminResult<T>[]) {
  return (result: AdminResult<T>) => void into.push(result);
}

const topic = (name: string) => ({ name, partitions: 2, replicationFactor: 3, assignment: [], config: {} });

test('topics are made, grown, configured and deleted; their offsets are told by their leaders', () => {
  const { admin, run } = begin();
  const results: AdminResult<unknown>[] = [];
  ask.createTopics(admin, [topic('t')], keep(results));
  run(500);
  ask.createPartitions(admin, [{ name: 't', count: 4 }], keep(results));
  ask.alterConfigs(admin, { type: 'topic', name: 't' }, { 'min.insync.replicas': '2' }, keep(results));
  ask.electLeaders(admin, 'preferred', null, keep(results));
  run(500);
  ask.listOffset(admin, { topic: 't', partition: 3 }, -1, keep(results));
  ask.describeCluster(admin, keep(results));
  run(500);
  ask.deleteTopics(admin, ['t'], keep(results));
  run(500);
  ask.createTopics(admin, [topic('t')], keep(results));
  run(500);
  expect(results.length).toBe(8);
  const answers = results.map((result) => (result.kind === 'answered' ? JSON.stringify(result.response) : result.kind));
  expect(answers[0]).toContain('"errorCode":0');
  expect(answers.find((text) => text.includes('"offset":0'))).toContain('"partitionIndex":3');
  expect(answers.filter((text) => text.includes('"brokers"'))).toHaveLength(1);
  expect(answers.at(-1)).toContain('"errorCode":0');
});

test('a topic that exists is an answer, not a failure', () => {
  const { admin, run } = begin();
  const results: AdminResult<{ topics: readonly { errorCode: number }[] }>[] = [];
  for (let turn = 0; turn < 2; turn++) {
    ask.createTopics(admin, [topic('t')], keep(results));
    run(500);
  }
  expect(results.map((result) => result.kind === 'answered' && result.response.topics[0]!.errorCode)).toEqual([
    ErrorCode.NONE,
    ErrorCode.TOPIC_ALREADY_EXISTS,
  ]);
});

test('NOT_CONTROLLER is asked again, at whom new metadata names', () => {
  const { cluster, admin, run } = begin();
  let left = 2;
  cluster.interceptors.push({
    intercept: (_node, { api, peer }) => {
      if (api.key !== CreateTopics.key || peer.node !== 'admin' || left === 0) return null;
      left -= 1;
      const topics = [{ name: 't', errorCode: ErrorCode.NOT_CONTROLLER, errorMessage: null }];
      return { kind: 'answer', handled: false, rewrite: () => CreateTopics.response.make({ topics }) };
    },
  });
  const results: AdminResult<{ topics: readonly { errorCode: number }[] }>[] = [];
  ask.createTopics(admin, [topic('t')], keep(results));
  run(2000);
  expect(left).toBe(0);
  expect(results.map((result) => result.kind === 'answered' && result.response.topics[0]!.errorCode)).toEqual([0]);
});

test('a coordinator is found; with everything down a call ends at its deadline', () => {
  const { cluster, admin, run } = begin({ 'default.api.timeout.ms': 5000 });
  const groups: AdminResult<{ groups: readonly { groupState: string }[] }>[] = [];
  admin.request(
    DescribeGroups,
    DescribeGroups.request.make({ groups: ['g'] }),
    { kind: 'coordinator', group: 'g' },
    keep(groups),
  );
  run(4000);
  expect(groups.map((result) => result.kind === 'answered' && result.response.groups[0]!.groupState)).toEqual(['Dead']);
  for (const id of [1, 2, 3]) cluster.world.node(`broker-${id}`)!.kill();
  const results: AdminResult<unknown>[] = [];
  ask.describeCluster(admin, keep(results));
  run(4900);
  expect(results).toEqual([]);
  run(200);
  expect(results.map(({ kind }) => kind)).toEqual(['timed-out']);
});
