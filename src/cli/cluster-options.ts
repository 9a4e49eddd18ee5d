/** The options that every command shares which starts a cluster of its own. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { SaslUser } from '../broker/security/sasl/settings.ts';
import { defaultRelease, modeProblem, readKafkaVersion } from '../cluster/kafka-version.ts';
import {
  brokersNumbered,
  type ClusterOptions,
  defaultClusterOptions,
  type Mode,
  type TopicOptions,
} from '../cluster/options.ts';
import type { Release } from '../protocol/schema.ts';
import { UsageError } from './errors.ts';
import { repeated, wholeNumber } from './parse.ts';

export function mode(text: string): Mode {
  if (text === 'kraft' || text === 'zookeeper') return text;
  if (text === 'zk') return 'zookeeper';
  throw new InvalidArgumentError('It is kraft or zookeeper (zk).');
}

export function kafkaVersion(text: string): Release {
  const release = readKafkaVersion(text);
  if (typeof release === 'string') return release;
  throw new InvalidArgumentError(`${release.problem}.`);
}

function setting(text: string): readonly [string, string] {
  const equals = text.indexOf('=');
  if (equals < 1) throw new InvalidArgumentError('It is written KEY=VALUE, as in server.properties.');
  return [text.slice(0, equals).trim(), text.slice(equals + 1).trim()];
}

function saslUser(text: string): SaslUser {
  const match = /^(PLAIN|SCRAM-SHA-256|SCRAM-SHA-512):([^:]+):(.+)$/i.exec(text);
  if (match === null)
    throw new InvalidArgumentError('It is written PLAIN:USER:PASSWORD, SCRAM-SHA-256:… or SCRAM-SHA-512:….');
  return { mechanism: match[1]!.toUpperCase(), user: match[2]!, password: match[3]! };
}

function topic(text: string): TopicOptions {
  const match = /^([A-Za-z0-9._-]{1,249})(?::(\d+))?(?::(\d+))?$/.exec(text);
  const partitions = Number(match?.[2] ?? 1);
  const factor = match?.[3] === undefined ? undefined : Number(match[3]);
  if (!match || partitions < 1 || factor === 0)
    throw new InvalidArgumentError('It is written NAME, NAME:PARTITIONS or NAME:PARTITIONS:REPLICATION_FACTOR.');
  return { name: match[1]!, partitions, replicationFactor: factor, assignment: undefined, config: {} };
}

export function declareClusterOptions(command: Command): void {
  command
    .addOption(
      new Option('--mode <mode>', 'kraft or zookeeper (zk): what coordinates the brokers')
        .argParser(mode)
        .default('kraft'),
    )
    .addOption(new Option('--brokers <n>', 'how many brokers').argParser(wholeNumber(1, 100)).default(3))
    .addOption(
      new Option('--quorum <n>', 'KRaft controllers, or ZooKeeper servers').argParser(wholeNumber(1, 15)).default(3),
    )
    .addOption(new Option('--combined', 'KRaft: the brokers are the controllers, too'))
    .addOption(
      new Option('--config <key=value>', 'a setting of every broker, as in server.properties (repeatable)').argParser(
        repeated(setting),
      ),
    )
    .addOption(
      new Option('--topic <name[:partitions[:rf]]>', 'a topic to begin with (repeatable)').argParser(repeated(topic)),
    )
    .addOption(
      new Option('--timers <timers>', "realistic: Kafka's own time-outs; fast: all of them shortened")
        .choices(['realistic', 'fast'])
        .default('realistic'),
    )
    .addOption(
      new Option('--kafka-version <release>', 'whose API versions and defaults: 3.9, 4.0, 4.1 or 4.2')
        .argParser(kafkaVersion)
        .default(undefined, '4.2; 3.9 with ZooKeeper'),
    )
    .addOption(
      new Option('--first-broker-id <n>', 'the id of the first broker; the next ones count on')
        .argParser(wholeNumber(0, 900))
        .default(1),
    )
    .addOption(
      new Option(
        '--sasl <mechanism:user:password>',
        'who may come to listeners with SASL: PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512 (repeatable)',
      ).argParser(repeated(saslUser)),
    )
    .addOption(new Option('--auto-create-topics', 'asking for an unknown topic creates it'))
    .addOption(new Option('--seed <n>', 'decides everything that chance decides').argParser(wholeNumber(0)).default(1));
}

/** What the options ask for, checked as a whole. Loads the table of configuration names, so it is called when a command runs. */
export async function readClusterOptions(given: Readonly<Record<string, unknown>>): Promise<ClusterOptions> {
  const chosen = given.mode as Mode;
  const brokers = given.brokers as number;
  const quorum = given.quorum as number;
  const settings = (given.config as readonly (readonly [string, string])[] | undefined) ?? [];
  const topics = (given.topic as readonly TopicOptions[] | undefined) ?? [];
  const problems: string[] = [];
  if (given.combined === true && chosen === 'zookeeper')
    problems.push('--combined: only KRaft has controllers inside its brokers; leave it out, or use --mode kraft');
  const release = given.kafkaVersion as Release | undefined;
  const unfit = release === undefined ? null : modeProblem(release, [chosen]);
  if (unfit !== null) problems.push(`--kafka-version ${release}: ${unfit}; use --mode kraft, or leave it out`);
  const { validateConfig } = await import('../config/validate.ts');
  for (const [name, value] of settings) {
    const problem = validateConfig('broker', name, value, release ?? defaultRelease(chosen));
    if (problem !== null) problems.push(`--config ${name}=${value}: ${problem}`);
  }
  const seen = new Set<string>();
  for (const { name, replicationFactor } of topics) {
    if (replicationFactor !== undefined && replicationFactor > brokers)
      problems.push(
        `--topic ${name}: a replication factor of ${replicationFactor} needs as many brokers; there are ${brokers}`,
      );
    if (seen.has(name)) problems.push(`--topic ${name}: given twice`);
    seen.add(name);
  }
  if (problems.length > 0) throw new UsageError(problems.join('\nerror: '));
  return {
    ...defaultClusterOptions(chosen, given.seed as number),
    brokers: brokersNumbered(brokers, given.firstBrokerId as number),
    users: (given.sasl as readonly SaslUser[] | undefined) ?? [],
    quorum: given.combined === true ? Math.min(quorum, brokers) : quorum,
    combined: given.combined === true,
    timers: given.timers as 'realistic' | 'fast',
    config: { 'auto.create.topics.enable': String(given.autoCreateTopics === true), ...Object.fromEntries(settings) },
    kafkaVersion: release,
    partitionMemoryBytes: (given.partitionMemory as number | null | undefined) ?? null,
    topics,
  };
}
