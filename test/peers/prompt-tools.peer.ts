/** The real command-line tools against a cluster of ours print what the same lines at its prompt answer. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultClusterOptions, type Mode } from '../../src/cluster/options.ts';
import { type LiveCluster, startLiveCluster } from '../../src/gateway/live-cluster.ts';
import { comparable } from './comparable.ts';
import { writeDisks, writePlans } from './plans.ts';
import * as lists from './prompt-lines.ts';
import { ToolServer } from './tool-server.ts';

const { KRAFT_ONLY, NEWER, UNORDERED, ...everywhere } = lists;
const LINES = Object.values(everywhere).flat();

interface Suite {
  readonly version: string;
  readonly mode: Mode;
  readonly lines: readonly string[];
}

const AUTHORIZER = {
  kraft: 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  zookeeper: 'kafka.security.authorizer.AclAuthorizer',
} as const;

/** The tools of the brokers' release: 3.9 is the last that has ZooKeeper. */
const SUITES: readonly Suite[] = [
  { version: '4.2.1', mode: 'kraft', lines: [...LINES, ...KRAFT_ONLY, ...NEWER] },
  { version: '3.9.1', mode: 'zookeeper', lines: LINES },
];

describe.each(SUITES)('Kafka $version’s tools in $mode mode', ({ version, mode, lines }) => {
  let live: LiveCluster;
  let server: ToolServer;
  const files = writePlans();
  const disk = `${files}/disk`;

  beforeAll(async () => {
    server = new ToolServer(version);
    const orders = { name: 'orders', partitions: 2, replicationFactor: 3, assignment: undefined, config: {} };
    const options = defaultClusterOptions(mode, 1);
    live = await startLiveCluster({
      cluster: {
        ...options,
        topics: [orders],
        // Real tools come without a name, and may everything.
        config: {
          ...options.config,
          'authorizer.class.name': AUTHORIZER[mode],
          'super.users': 'User:ANONYMOUS',
        },
      },
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
    const filled = (name: string, broker: string, root: string): string =>
      template.replaceAll('{}', name).replaceAll('{#}', broker).replaceAll('{files}', files).replaceAll('{disk}', root);
    if (template.includes('{disk}')) writeDisks(live.cluster, disk);
    const real = await server.run(filled('a', '1', disk), live.bootstrapServers.join(','));
    const ours = await live.execute(filled('b', '2', ''));
    const [said, expected] = [ours.lines, real.lines].map((lines) => {
      const compared = comparable(lines, version);
      return UNORDERED.includes(template) ? wordsOf(compared) : compared;
    });
    expect(said).toEqual(expected);
  });
});

/** Whatever the order of lines. */
function wordsOf(lines: readonly string[]): readonly string[] {
  return lines.flatMap((text) => text.trim().split(/\s+/)).sort();
}
