/** The real command-line tools against a cluster of ours print what the same lines at its prompt answer. */
import { execFile } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultClusterOptions, type Mode } from '../../src/cluster/options.ts';
import { type LiveCluster, startLiveCluster } from '../../src/gateway/live-cluster.ts';
import { JAVA_OPTIONS, kafkaClassPath } from './install.ts';

const CLASSES: Readonly<Record<string, string>> = {
  'kafka-topics': 'org.apache.kafka.tools.TopicCommand',
  'kafka-consumer-groups': 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand',
  'kafka-configs': 'kafka.admin.ConfigCommand',
  'kafka-get-offsets': 'org.apache.kafka.tools.GetOffsetShell',
  'kafka-leader-election': 'org.apache.kafka.tools.LeaderElectionCommand',
  'kafka-reassign-partitions': 'org.apache.kafka.tools.reassign.ReassignPartitionsCommand',
  'kafka-log-dirs': 'org.apache.kafka.tools.LogDirsCommand',
  'kafka-metadata-quorum': 'org.apache.kafka.tools.MetadataQuorumCommand',
  'kafka-transactions': 'org.apache.kafka.tools.TransactionsCommand',
  'kafka-features': 'org.apache.kafka.tools.FeatureCommand',
  'kafka-console-consumer': 'org.apache.kafka.tools.consumer.ConsoleConsumer',
};

/** Lines that change nothing, or the same whoever comes first; `{}` is `a` for the real tool and `b` for ours. */
const LINES = [
  'kafka-topics --list',
  'kafka-topics --describe --topic orders',
  'kafka-topics --describe --topic nope',
  'kafka-topics --create --topic made.{} --partitions 2 --replication-factor 2',
  'kafka-topics --create --topic orders',
  'kafka-topics --create --topic wide --replication-factor 9',
  'kafka-topics --alter --topic orders --partitions 1',
  'kafka-topics --create --topic odd --partitions 0',
  'kafka-topics --create --topic odd --replica-assignment 1:2,3',
  'kafka-topics --describe --under-replicated-partitions',
  'kafka-topics --delete --topic made.{}',
  'kafka-consumer-groups --describe --group nope',
  'kafka-consumer-groups --group {}-group --topic orders:0 --reset-offsets --to-offset 2 --execute',
  'kafka-consumer-groups --group a-group --topic orders:0 --reset-offsets --to-latest --dry-run',
  'kafka-consumer-groups --describe --group a-group',
  'kafka-consumer-groups --describe --group a-group --verbose',
  'kafka-consumer-groups --describe --group a-group --members',
  'kafka-consumer-groups --describe --group a-group --members --verbose',
  'kafka-consumer-groups --describe --group a-group --state',
  'kafka-consumer-groups --describe --group a-group --state --verbose',
  'kafka-consumer-groups --group {}-group --topic orders:0 --delete-offsets',
  'kafka-get-offsets --topic orders',
  'kafka-get-offsets --topic orders --time earliest',
  'kafka-get-offsets --topic nope',
  'kafka-configs --alter --entity-type topics --entity-name orders --add-config retention.ms=3600000,cleanup.policy=[compact,delete]',
  'kafka-configs --describe --entity-type topics --entity-name orders',
  'kafka-configs --describe --entity-type topics --entity-name orders --all',
  'kafka-configs --alter --entity-type topics --entity-name orders --delete-config segment.ms',
  'kafka-configs --alter --entity-type clients --entity-name web --add-config producer_byte_rate=1024',
  'kafka-configs --describe --entity-type clients',
  'kafka-configs --describe --entity-type brokers',
  'kafka-leader-election --election-type preferred --topic orders --partition 0',
  'kafka-leader-election --election-type preferred --topic nope --partition 0',
  'kafka-reassign-partitions --list',
  'kafka-log-dirs --describe --topic-list orders',
  'kafka-transactions list',
  'kafka-transactions describe --transactional-id etl',
  'kafka-transactions describe-producers --topic orders --partition 0',
  'kafka-console-consumer --topic orders --from-beginning --max-messages 3 --formatter-property print.offset=true --formatter-property print.partition=true',
];
const KRAFT_ONLY = [
  'kafka-features describe',
  'kafka-metadata-quorum describe --status',
  'kafka-metadata-quorum describe --replication',
];

describe.each(['kraft', 'zookeeper'] as const)('Kafka 4.2.1’s tools in %s mode', (mode: Mode) => {
  let live: LiveCluster;
  let classPath: string;

  beforeAll(async () => {
    classPath = kafkaClassPath('4.2.1');
    const orders = { name: 'orders', partitions: 2, replicationFactor: 3, assignment: undefined, config: {} };
    live = await startLiveCluster({
      cluster: { ...defaultClusterOptions(mode, 1), topics: [orders] },
      listeners: [{ name: 'PLAINTEXT', securityProtocol: 'PLAINTEXT', host: '127.0.0.1', port: 0 }],
    });
    for (const value of ['a', 'b', 'c']) await live.execute(`produce orders --partition 0 --value ${value}`);
  });
  afterAll(() => live?.close());

  test.each(mode === 'kraft' ? [...LINES, ...KRAFT_ONLY] : LINES)('%s', async (line) => {
    const real = await realTool(classPath, line.replaceAll('{}', 'a'), live.bootstrapServers.join(','));
    const { lines } = await live.execute(line.replaceAll('{}', 'b'));
    expect(comparable(lines)).toEqual(comparable(real));
  });
});

function realTool(classPath: string, line: string, servers: string): Promise<readonly string[]> {
  const [tool, ...args] = line.split(' ');
  const options = ['-Dorg.slf4j.simpleLogger.defaultLogLevel=off', '-cp', classPath, CLASSES[tool!]!];
  // Both streams as one, as a terminal shows them.
  const command = ['exec java "$@" 2>&1', 'sh', ...JAVA_OPTIONS, ...options, '--bootstrap-server', servers, ...args];
  return new Promise((resolve) => {
    execFile('sh', ['-c', ...command], { encoding: 'utf8' }, (_error, out) => resolve(out.split('\n')));
  });
}

const STACK =
  /^\s+at |^Caused by: |^\s*Suppressed: |^java\.util\.concurrent\.ExecutionException|^org\.apache\.kafka\.\S+Exception: /;

/** Without times, addresses in arguments, empty ends, stack traces, and what differs between `a` and `b`. */
function comparable(lines: readonly string[]): readonly string[] {
  const kept = lines
    .filter((text) => !STACK.test(text))
    .map((text) =>
      text
        .replaceAll(/\b1[67]\d{11}\b/g, 'TIME')
        .replace(/--bootstrap-server \S+ /, '')
        .replaceAll(/\b(made\.)[ab]\b|\b[ab](-group)\b/g, '$1$2')
        .replace(/^(HighWatermark|MaxFollowerLagTimeMs): .*/, '$1'),
    )
    .map((text) => (/\tTIME/.test(text) ? text.replaceAll(/\t\d+ +\t/g, '\t') : text));
  while (kept.at(-1) === '') kept.pop();
  return kept;
}
