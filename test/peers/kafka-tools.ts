/** Kafka's own command-line tools, as people type them, run from the artefacts of a release. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { JAVA_OPTIONS, kafkaClassPath } from './install.ts';

/** What each `kafka-*.sh` starts. */
const MAIN = {
  'kafka-topics': 'org.apache.kafka.tools.TopicCommand',
  'kafka-configs': 'kafka.admin.ConfigCommand',
  'kafka-consumer-groups': 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand',
  'kafka-reassign-partitions': 'org.apache.kafka.tools.reassign.ReassignPartitionsCommand',
  'kafka-producer-perf-test': 'org.apache.kafka.tools.ProducerPerformance',
  'kafka-console-consumer': 'org.apache.kafka.tools.consumer.ConsoleConsumer',
  'kafka-get-offsets': 'org.apache.kafka.tools.GetOffsetShell',
  'kafka-leader-election': 'org.apache.kafka.tools.LeaderElectionCommand',
  'kafka-log-dirs': 'org.apache.kafka.tools.LogDirsCommand',
  'kafka-broker-api-versions': 'org.apache.kafka.tools.BrokerApiVersionsCommand',
} as const;

export type ToolName = keyof typeof MAIN;

/** Runs a line such as `kafka-topics --list` against `bootstrap`; gives what it printed. Rejects when the tool fails. */
export async function kafkaTool(version: string, bootstrap: string, line: string): Promise<string> {
  const [tool, ...words] = line.split(' ');
  const main = MAIN[tool as ToolName];
  const server =
    tool === 'kafka-producer-perf-test'
      ? ['--producer-props', `bootstrap.servers=${bootstrap}`]
      : ['--bootstrap-server', bootstrap];
  const child = spawn('java', [...JAVA_OPTIONS, '-cp', kafkaClassPath(version), main, ...server, ...words]);
  let printed = '';
  child.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  child.stderr.on('data', (chunk) => {
    printed += chunk;
  });
  const [code] = await once(child, 'close');
  // As of 3.9 and 4.2 some of them report an error, and end with 0 all the same.
  if (code !== 0 || /^Error/m.test(printed)) throw new Error(`${line}\n${printed}`);
  return printed;
}
