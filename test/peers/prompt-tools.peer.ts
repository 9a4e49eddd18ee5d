/** The real command-line tools against a cluster of ours print what the same lines at its prompt answer. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultClusterOptions, type Mode } from '../../src/cluster/options.ts';
import { type LiveCluster, startLiveCluster } from '../../src/gateway/live-cluster.ts';
import { comparable } from './comparable.ts';
import * as lists from './prompt-lines.ts';
import { ToolServer } from './tool-server.ts';

const { KRAFT_ONLY, NEWER, ...everywhere } = lists;
const LINES = Object.values(everywhere).flat();

interface Suite {
  readonly version: string;
  readonly mode: Mode;
  readonly lines: readonly string[];
}

/** The tools of the brokers' release: 3.9 is the last that has ZooKeeper. */
const SUITES: readonly Suite[] = [
  { version: '4.2.1', mode: 'kraft', lines: [...LINES, ...KRAFT_ONLY, ...NEWER] },
  { version: '3.9.1', mode: 'zookeeper', lines: LINES },
];

describe.each(SUITES)('Kafka $version’s tools in $mode mode', ({ version, mode, lines }) => {
  let live: LiveCluster;
  let server: ToolServer;

  beforeAll(async () => {
    server = new ToolServer(version);
    const orders = { name: 'orders', partitions: 2, replicationFactor: 3, assignment: undefined, config: {} };
    live = await startLiveCluster({
      cluster: { ...defaultClusterOptions(mode, 1), topics: [orders] },
      listeners: [{ name: 'PLAINTEXT', securityProtocol: 'PLAINTEXT', host: '127.0.0.1', port: 0 }],
    });
    for (const value of ['a', 'b', 'c']) await live.execute(`produce orders --partition 0 --value ${value}`);
  });
  afterAll(async () => {
    server?.close();
    await live?.close();
  });

  test.each(lines.map((line, index) => [index + 1, line]))('%i %s', async (_, line) => {
    const template = String(line);
    const real = await server.run(
      template.replaceAll('{}', 'a').replaceAll('{#}', '1'),
      live.bootstrapServers.join(','),
    );
    const ours = await live.execute(template.replaceAll('{}', 'b').replaceAll('{#}', '2'));
    const [said, expected] = [ours.lines, real.lines].map((lines) =>
      comparable(lists.UNORDERED.includes(template) ? [...lines].sort() : lines, version),
    );
    expect(said).toEqual(expected);
  });
});
