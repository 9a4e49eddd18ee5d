import type { SendOutcome } from '../../client/producer/batch.ts';
import { exceptionOf, PlainError, UsageError } from './failure.ts';
import { called } from './steps.ts';
import type { Tool } from './tool.ts';

/** ConsoleProducer. */
export const consoleProducer: Tool = {
  name: 'kafka-console-producer',
  summary: 'sends a line as a record',
  differs:
    'It sends what is piped into it (`echo` with `\\n` between records), what stands behind `<<EOF`, or on a terminal what is typed, until Ctrl-D; each record by a producer of its own, one after another.',
  reads: true,
  options: [
    { name: 'topic', value: 'NAME', completes: 'topic', about: 'to which topic' },
    { name: 'property', value: 'parse.key=true', about: 'parse.key, key.separator (a tab), null.marker' },
    { name: 'reader-property', value: 'parse.key=true', about: 'the same by its new name' },
    { name: 'producer-property', value: 'acks=all', about: 'acks, of the producer’s settings' },
    { name: 'command-property', value: 'acks=all', about: 'the same by its new name' },
    { name: 'request-required-acks', value: '-1', about: '0, 1 or -1' },
    { name: 'sync', about: 'taken, and not needed' },
  ],
  examples: [
    'echo hello | kafka-console-producer --topic orders',
    "echo 'k1:v1\\nk2:v2' | kafka-console-producer --topic orders --property parse.key=true --property key.separator=:",
  ],
  *run({ args, cluster, input }) {
    const topic = args.required('topic');
    if (input === undefined)
      throw new UsageError(
        `it sends what it is fed with: echo hello | kafka-console-producer --topic ${topic}, or lines behind <<EOF`,
      );
    const properties = new Map(
      ['property', 'reader-property', 'producer-property', 'command-property'].flatMap((name) =>
        args.all(name).map((text) => {
          const cut = text.indexOf('=');
          return [text.slice(0, cut), text.slice(cut + 1)] as const;
        }),
      ),
    );
    const acks = readAcks(args.get('request-required-acks') ?? properties.get('acks') ?? 'all');
    for (const [index, line] of input.entries()) {
      const { key, value } = readLine(line, index, properties);
      const outcome = yield* called<SendOutcome>((done) =>
        cluster.operator.produce(cluster.clients.environment, { topic, partition: null, key, value, acks }, done),
      );
      if (outcome.kind === 'failed') {
        const { exception, message } = exceptionOf(outcome.error, null);
        throw new PlainError(`org.apache.kafka.common.errors.${exception}: ${message}`);
      }
    }
  },
};

function readAcks(text: string): 'all' | '1' | '0' {
  if (text === '1' || text === '0') return text;
  if (text === 'all' || text === '-1') return 'all';
  throw new UsageError(`acks is 0, 1 or all, not ${text}`);
}

function readLine(line: string, index: number, properties: ReadonlyMap<string, string>) {
  const orNull = (text: string): string | null => (text === properties.get('null.marker') ? null : text);
  if (properties.get('parse.key') !== 'true') return { key: null, value: orNull(line) };
  const separator = (properties.get('key.separator') ?? '\t').replaceAll('\\t', '\t');
  const cut = line.indexOf(separator);
  if (cut < 0)
    throw new PlainError(
      `org.apache.kafka.common.KafkaException: No key separator found on line number ${index + 1}: '${line}'`,
    );
  return { key: orNull(line.slice(0, cut)), value: orNull(line.slice(cut + separator.length)) };
}
