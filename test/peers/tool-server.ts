/** Kafka's own command-line tools, all of a release in one process (`programs/tools`): what a line prints, on both streams. */
import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { splitPipes } from '../../src/tools/words.ts';
import { JAVA_OPTIONS, kafkaClassPath, toolServerClasses } from './install.ts';

/** What each `kafka-*.sh` starts. */
const CLASSES: Readonly<Record<string, string>> = {
  'kafka-topics': 'org.apache.kafka.tools.TopicCommand',
  'kafka-consumer-groups': 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand',
  'kafka-groups': 'org.apache.kafka.tools.GroupsCommand',
  'kafka-configs': 'kafka.admin.ConfigCommand',
  'kafka-get-offsets': 'org.apache.kafka.tools.GetOffsetShell',
  'kafka-leader-election': 'org.apache.kafka.tools.LeaderElectionCommand',
  'kafka-reassign-partitions': 'org.apache.kafka.tools.reassign.ReassignPartitionsCommand',
  'kafka-log-dirs': 'org.apache.kafka.tools.LogDirsCommand',
  'kafka-metadata-quorum': 'org.apache.kafka.tools.MetadataQuorumCommand',
  'kafka-transactions': 'org.apache.kafka.tools.TransactionsCommand',
  'kafka-features': 'org.apache.kafka.tools.FeatureCommand',
  'kafka-cluster': 'org.apache.kafka.tools.ClusterTool',
  'kafka-broker-api-versions': 'org.apache.kafka.tools.BrokerApiVersionsCommand',
  'kafka-delete-records': 'org.apache.kafka.tools.DeleteRecordsCommand',
  'kafka-acls': 'org.apache.kafka.tools.AclCommand',
  'kafka-dump-log': 'kafka.tools.DumpLogSegments',
  'kafka-console-consumer': 'org.apache.kafka.tools.consumer.ConsoleConsumer',
  'kafka-console-producer': 'org.apache.kafka.tools.ConsoleProducer',
  'kafka-producer-perf-test': 'org.apache.kafka.tools.ProducerPerformance',
  'kafka-consumer-perf-test': 'org.apache.kafka.tools.ConsumerPerformance',
};

/** Where it was another class. */
const OLDER: Readonly<Record<string, string>> = {
  'kafka-acls': 'kafka.admin.AclCommand',
  'kafka-broker-api-versions': 'kafka.admin.BrokerApiVersionsCommand',
};

/** Options before a command belong to the tool, options behind it to the command. */
const SERVER_LAST: readonly string[] = ['kafka-cluster'];
const NO_SERVER: readonly string[] = ['kafka-dump-log'];

export interface ToolAnswer {
  readonly status: number;
  readonly lines: readonly string[];
}

export class ToolServer {
  readonly #version: string;
  readonly #java: readonly string[];
  #process: ChildProcessWithoutNullStreams;
  #received = Buffer.alloc(0);
  #waiting: Waiting | undefined;

  constructor(version: string) {
    this.#version = version;
    const classPath = `${toolServerClasses(version)}:${kafkaClassPath(version)}`;
    this.#java = [...JAVA_OPTIONS, '-Dorg.slf4j.simpleLogger.defaultLogLevel=off', '-cp', classPath];
    this.#process = this.#start();
  }

  /** `line` as it is typed, without the server. */
  run(line: string, servers: string): Promise<ToolAnswer> {
    const pieces = splitPipes(line)!;
    const [tool = '', ...words] = pieces.at(-1)!.words;
    const input = pieces.length > 1 ? pieces[0]!.words.slice(1).join(' ').replaceAll('\\n', '\n') : '';
    const server = NO_SERVER.includes(tool) ? [] : ['--bootstrap-server', servers];
    const args = SERVER_LAST.includes(tool) ? [...words, ...server] : [...server, ...words];
    const main = (this.#version.startsWith('3.') ? OLDER[tool] : undefined) ?? CLASSES[tool]!;
    const texts = [main, ...args, input].map((text) => Buffer.from(text));
    const call = Buffer.concat([int32(texts.length - 1), ...texts.flatMap((text) => [int32(text.length), text])]);
    return new Promise((resolve) => {
      this.#waiting = { words: [main, ...args], resolve };
      this.#process.stdin.write(call);
    });
  }

  close(): void {
    this.#process.kill();
  }

  #start(): ChildProcessWithoutNullStreams {
    const started = spawn('java', [...this.#java, 'ToolServer']);
    started.stdout.on('data', (chunk: Buffer) => this.#take(chunk));
    started.stderr.resume();
    started.on('close', () => this.#ended());
    return started;
  }

  /** Some tools end the whole process for a mistake in the line: such a line is run once more, in one of its own. */
  #ended(): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    this.#waiting = undefined;
    this.#process = this.#start();
    const command = ['exec java "$@" 2>&1', 'sh', ...this.#java, ...waiting.words];
    execFile('sh', ['-c', ...command], { encoding: 'utf8' }, (error, out) =>
      waiting.resolve({ status: error === null ? 0 : 1, lines: out.split('\n') }),
    );
  }

  #take(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    if (this.#received.length < 8 || this.#received.length < 8 + this.#received.readInt32BE(4)) return;
    const status = this.#received.readInt32BE(0);
    const text = this.#received.subarray(8, 8 + this.#received.readInt32BE(4)).toString('utf8');
    this.#received = Buffer.alloc(0);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve({ status, lines: text.split('\n') });
  }
}

interface Waiting {
  readonly words: readonly string[];
  readonly resolve: (answer: ToolAnswer) => void;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
