/** What the dashboard shows of a real client: its connections, and what it waits for. */
import { expect, test } from 'vitest';
import { listenerPort } from '../../src/broker/listeners.ts';
import { attachChecker } from '../../src/checker/checker.ts';
import { clients } from '../../src/cli/dashboard/panels/clients.ts';
import { DashboardSubject } from '../../src/cli/dashboard/subject.ts';
import type { Line } from '../../src/cli/dashboard/text.ts';
import { Cluster } from '../../src/cluster/cluster.ts';
import { defaultClusterOptions } from '../../src/cluster/options.ts';
import { hostPorts } from '../../src/gateway/ports.ts';
import { Fetch } from '../../src/protocol/apis/01-fetch.ts';
import { ApiVersions } from '../../src/protocol/apis/18-api-versions.ts';
import type { Api } from '../../src/protocol/schema.ts';
import { encodeRequest, RequestMessage } from '../../src/rpc/messages.ts';
import { Session } from '../../src/tools/session.ts';

const PACING = { speed: 1, paused: false };
const textOf = (lines: readonly Line[]): string =>
  lines.map((line) => line.map(({ text }) => text).join('')).join('\n');

function shown() {
  const topic = { name: 'orders', partitions: 1, replicationFactor: 3, assignment: undefined, config: {} };
  const listeners = [
    { name: 'PLAINTEXT', securityProtocol: 'PLAINTEXT' as const, host: 'localhost', ports: [1, 2, 3] },
  ];
  const shape = { ...defaultClusterOptions('kraft', 7), topics: [topic], listeners, outside: true };
  const cluster = new Cluster(shape, hostPorts);
  const checker = attachChecker(cluster.trace, cluster.world, undefined);
  const session = new Session(cluster, checker);
  cluster.boot();
  const watched = { cluster, checker, run: undefined, history: session.history, author: session.author };
  const subject = new DashboardSubject({ ...watched, title: 'kzsim', bootstrapServers: [] });
  const pass = (ms: number): void => {
    for (let step = 0; step < ms / 100; step++) {
      cluster.world.runUntil(cluster.world.nowUs + 100_000);
      subject.view(PACING);
    }
  };
  const panel = (): string => textOf(clients.lines(subject.view(PACING), { columns: 200, rows: 20, filter: '' }));
  const page = (key: string): string => textOf(subject.page(key, 120) ?? []);
  return { cluster, pass, panel, page };
}

test('a real client is told by its requests in flight, decoded, its library, and where it is connected', () => {
  const { cluster, pass, panel, page } = shown();
  const leader = cluster.model.authority.partitions.get('orders-0')!.leader;
  const connection = cluster.outside!.open(`broker-${leader}`, listenerPort('PLAINTEXT'), {
    onResponse: () => {},
    onTaken: () => {},
    onEnd: () => {},
  });
  const send = (api: Api, version: number, body: unknown): void =>
    connection.send(encodeRequest(new RequestMessage(api, version, '消費者', body, true, () => {}, null, 0)));
  send(ApiVersions, 3, ApiVersions.request.make({ clientSoftwareName: 'kafkajs', clientSoftwareVersion: '2.2.4' }));
  pass(1000);
  const partitions = [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1000 }];
  send(Fetch, 4, Fetch.request.make({ maxWaitMs: 5000, minBytes: 1, topics: [{ topic: 'orders', partitions }] }));
  pass(1500);
  expect(panel()).toMatch(/● 消費者 .* req\/s {2}Fetch 1\d00 ms {2}kafkajs 2\.2\.4 {2}1 from /);
  const client = page('outside:消費者');
  expect(client).toMatch(/library +kafkajs 2\.2\.4/);
  expect(client).toMatch(new RegExp(`#\\d+ to broker-${leader}  User:ANONYMOUS  2 requests, the last Fetch v4`));
  expect(client).toMatch(/Fetch v4 {2}for 1\d00 ms {2}orders-0/);
  const broker = page(`node:broker-${leader}`);
  expect(broker).toMatch(/real client +消費者, 1 connection/);
  expect(broker).toMatch(/by API +Fetch \d+/);
  pass(5000);
  expect(page('outside:消費者')).toContain('0 in flight');
  connection.finish();
  pass(1000);
  expect(panel()).not.toContain('消費者');
});

test('a broker that dies takes its connections with it', () => {
  const { cluster, pass, panel } = shown();
  const connection = cluster.outside!.open('broker-1', listenerPort('PLAINTEXT'), {
    onResponse: () => {},
    onTaken: () => {},
    onEnd: () => {},
  });
  const body = ApiVersions.request.make({ clientSoftwareName: 'kafkajs', clientSoftwareVersion: '2.2.4' });
  connection.send(encodeRequest(new RequestMessage(ApiVersions, 3, 'shop', body, true, () => {}, null, 0)));
  pass(500);
  expect(panel()).toContain('shop');
  cluster.nodes.get('broker-1')!.control.kill();
  pass(500);
  expect(panel()).not.toContain('shop');
});
