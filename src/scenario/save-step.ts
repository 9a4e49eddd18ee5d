/** A line of the prompt as a step of a scenario. */
import type { Cluster } from '../cluster/cluster.ts';
import { LineError, parseLine } from '../cluster/verbs/line.ts';
import { readArguments } from '../tools/kafka/arguments.ts';
import { UsageError } from '../tools/kafka/failure.ts';
import { toolCalled, toolNamed } from '../tools/kafka/index.ts';
import { readPipes } from '../tools/pipes.ts';
import { splitPipes } from '../tools/words.ts';

export type Yaml = Readonly<Record<string, unknown>>;

/** Undefined: the scenario language has no word for it. */
export function stepOf(text: string, cluster: Cluster): Yaml | undefined {
  const { line } = readPipes(text.replace(/(^|\s)#.*$/, '').trim());
  const words = splitPipes(line)?.[0]?.words ?? [];
  if (toolCalled(words[0] ?? '') === 'kafka-topics') return topicStep(words.slice(1), cluster);
  try {
    const { verb, args, keys } = parseLine(line);
    const { subject, name } = verb;
    if (subject === null) return { [name]: args, ...keys };
    const { [subject]: value, ...rest } = args;
    return { [name]: value ?? null, ...rest, ...keys };
  } catch (thrown) {
    if (thrown instanceof LineError) return undefined;
    throw thrown;
  }
}

/** What creates or deletes a topic; whatever else the tool does, the steps behind it can do without. */
function topicStep(words: readonly string[], { config }: Cluster): Yaml | undefined {
  try {
    const given = readArguments(words, toolNamed('kafka-topics')!);
    const topic = given.get('topic');
    if (topic === undefined) return undefined;
    if (given.has('delete')) return { deleteTopic: topic };
    if (!given.has('create')) return undefined;
    const settings = given.all('config').map((text) => [text.split('=', 1)[0]!, text.slice(text.indexOf('=') + 1)]);
    const assignment = given
      .get('replica-assignment')
      ?.split(',')
      .map((replicas) => replicas.split(':').map(Number));
    return {
      createTopic: topic,
      ...(assignment === undefined
        ? {
            partitions: given.integer('partitions') ?? config.number('num.partitions'),
            replicationFactor: given.integer('replication-factor') ?? config.number('default.replication.factor'),
          }
        : { assignment }),
      ...(settings.length > 0 && { config: Object.fromEntries(settings) }),
    };
  } catch (thrown) {
    if (thrown instanceof UsageError) return undefined;
    throw thrown;
  }
}
