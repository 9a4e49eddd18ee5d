import { Metadata } from '../../protocol/apis/03-metadata.ts';
import { PlainError, UsageError } from './failure.ts';
import { formatterNamed, recordJson } from './message-formatters.ts';
import { isSecurity, linesOf, readProperty } from './properties.ts';
import { type Reading, readRecords } from './record-reader.ts';
import { ask, type Steps } from './steps.ts';
import type { Tool, ToolCall } from './tool.ts';
import { metadataRequest, topicFilter } from './topic-names.ts';

/** How long it waits for records that are yet to come, in milliseconds, unless something else is said. */
const PATIENCE_MS = 60_000;
const LEVELS = ['read_committed', 'read_uncommitted'];

/** ConsoleConsumer. */
export const consoleConsumer: Tool = {
  name: 'kafka-console-consumer',
  summary: 'prints the records of a topic',
  differs:
    'What would go on for ever ends: with --timeout-ms or --max-messages as the real one does; otherwise at the end of the log, as if it were interrupted there, or, from the latest record on, with the first records that come; after a minute in any case. Without --group it joins none.',
  options: [
    { name: 'topic', value: 'NAME', completes: 'topic', about: 'of which topic' },
    { name: 'include', value: 'REGEX', about: 'or of which topics' },
    { name: 'from-beginning', about: 'from the first record on, where a group has committed nothing' },
    { name: 'partition', value: 'N', about: 'only this partition' },
    { name: 'offset', value: 'N', completes: ['earliest', 'latest'], about: 'from here on; with --partition' },
    { name: 'max-messages', value: 'N', about: 'ends after so many' },
    { name: 'timeout-ms', value: 'MS', about: 'ends when nothing has come for so long' },
    {
      name: 'group',
      value: 'NAME',
      completes: 'group',
      about: 'joins this group, and commits its position at the end',
    },
    { name: 'isolation-level', value: 'LEVEL', completes: LEVELS, about: 'read_uncommitted, unless said otherwise' },
    {
      name: 'property',
      value: 'print.key=true',
      about:
        'print.timestamp, .partition, .offset, .epoch, .headers, .key, .value; key.separator, headers.separator, null.literal',
    },
    { name: 'formatter-property', value: 'print.key=true', about: 'the same by its new name' },
    {
      name: 'formatter',
      value: 'CLASS',
      completes: ['OffsetsMessageFormatter', 'GroupMetadataMessageFormatter', 'TransactionLogMessageFormatter'],
      about: 'how records are shown: of __consumer_offsets and __transaction_state as JSON',
    },
    { name: 'consumer-property', value: 'K=V', about: 'a setting of the consumer' },
    { name: 'command-property', value: 'K=V', about: 'the same by its new name' },
    { name: 'skip-message-on-error', about: 'taken, and not needed' },
    { name: 'consumer.config', value: 'FILE', file: 'properties', about: 'settings of the consumer, a line each' },
    { name: 'command-config', value: 'FILE', file: 'properties', about: 'the same by its new name' },
    { name: 'formatter-config', value: 'FILE', file: 'properties', about: 'properties of the formatter, a line each' },
  ],
  refuses: {
    'key-deserializer': 'keys are shown as UTF-8',
    'value-deserializer': 'values are shown as UTF-8',
    'enable-systest-events': 'it is for the tests of Kafka itself',
  },
  examples: [
    'kafka-console-consumer --topic orders --from-beginning --max-messages 5 --property print.key=true',
    'kafka-console-consumer --topic orders --group billing --from-beginning --timeout-ms 5000',
    'kafka-console-consumer --topic __consumer_offsets --from-beginning --formatter OffsetsMessageFormatter',
  ],
  *run(call) {
    const { args, print, data } = call;
    checkOptions(call);
    const properties = new Map(
      [...linesOf(args.get('formatter-config')), ...args.all('property'), ...args.all('formatter-property')].map(
        readProperty,
      ),
    );
    const format = formatterNamed(args.get('formatter') ?? 'DefaultMessageFormatter', properties, call.older);
    const settings = settingsOf(call);
    const topics = yield* topicsOf(call);
    const { records, why } = yield* readRecords(call, { topics, settings, ...extentOf(call, settings) });
    if (why === 'failed') throw new PlainError(`${topics.join(', ')} could not be read`);
    for (const record of records) {
      const line = format(record);
      if (line === undefined) continue;
      print(line);
      data(recordJson(record));
    }
    print(`Processed a total of ${records.length} messages`);
  },
};

function checkOptions({ args, older }: ToolCall): void {
  if (args.has('topic') === args.has('include'))
    throw new UsageError(
      older
        ? 'Exactly one of --include/--topic is required. '
        : 'Exactly one of the following arguments is required: [topic], [include]',
    );
  if (args.has('partition')) {
    if (!args.has('topic')) throw new UsageError('The topic is required when partition is specified.');
    if (args.has('from-beginning') && args.has('offset'))
      throw new UsageError('Options from-beginning and offset cannot be specified together.');
  } else if (args.has('offset')) throw new UsageError('The partition is required when offset is specified.');
  const level = args.get('isolation-level');
  if (level !== undefined && !LEVELS.includes(level))
    throw new UsageError(
      `Invalid value ${level} for configuration isolation.level: String must be one of: ${LEVELS.join(', ')}`,
    );
}

function settingsOf({ args }: ToolCall): Record<string, string> {
  const given = [
    ...linesOf(args.get('consumer.config') ?? args.get('command-config')),
    ...args.all('consumer-property'),
    ...args.all('command-property'),
  ].map(readProperty);
  const groups = new Set([
    ...args.all('group'),
    ...given.flatMap(([name, value]) => (name === 'group.id' ? [value] : [])),
  ]);
  if (groups.size > 1)
    throw new UsageError(
      `The group ids provided in different places (directly using '--group', via '--consumer-property', or via '--consumer.config') do not match. Detected group ids: ${[...groups].map((group) => `'${group}'`).join(', ')}`,
    );
  if (groups.size > 0 && args.has('partition'))
    throw new UsageError('Options group and partition cannot be specified together.');
  const settings = Object.fromEntries(given.filter(([name]) => !name.startsWith('bootstrap.') && !isSecurity(name)));
  const reset = settings['auto.offset.reset'];
  if (args.has('from-beginning') && reset !== undefined && reset !== 'earliest')
    throw new UsageError(
      `Can't simultaneously specify --from-beginning and 'auto.offset.reset=${reset}', please remove one option`,
    );
  const [group] = groups;
  return {
    'client.id': 'console-consumer',
    'auto.offset.reset': args.has('from-beginning') || args.get('offset') === 'earliest' ? 'earliest' : 'latest',
    'isolation.level': args.get('isolation-level') ?? 'read_uncommitted',
    ...settings,
    ...(group === undefined ? {} : { 'group.id': group }),
  };
}

function* topicsOf({ admin, args }: ToolCall): Steps<readonly string[]> {
  const { topics } = yield* ask(admin, Metadata, metadataRequest(null), { kind: 'any' });
  const names = topics.map(({ name }) => name!).sort();
  const topic = args.get('topic');
  if (topic !== undefined) {
    if (!names.includes(topic)) throw new PlainError(`Topic '${topic}' does not exist, and reading makes none`);
    return [topic];
  }
  const filter = topicFilter(args.required('include'));
  const found = names.filter((name) => filter.test(name) && !name.startsWith('__'));
  if (found.length === 0) throw new PlainError(`no topic fits --include ${args.required('include')}`);
  return found;
}

function extentOf(
  { args }: ToolCall,
  settings: Readonly<Record<string, string>>,
): Pick<Reading, 'max' | 'atEnd' | 'idleMs' | 'partitions' | 'startAt'> {
  const max = args.integer('max-messages') ?? -1;
  const timeoutMs = args.integer('timeout-ms') ?? -1;
  const partition = args.integer('partition');
  const offset = args.get('offset');
  const beginsLate = settings['auto.offset.reset'] === 'latest' && (offset === undefined || offset === 'latest');
  const numbered = offset !== undefined && offset !== 'earliest' && offset !== 'latest';
  return {
    max: max < 0 ? Number.MAX_SAFE_INTEGER : max,
    atEnd: timeoutMs >= 0 ? 'wait' : !beginsLate ? 'end' : max < 0 ? 'end-if-read' : 'wait',
    idleMs: timeoutMs < 0 ? PATIENCE_MS : timeoutMs,
    ...(partition === undefined ? {} : { partitions: [partition] }),
    ...(numbered ? { startAt: readOffset(offset) } : {}),
  };
}

function readOffset(text: string): number {
  if (!/^\d+$/.test(text))
    throw new UsageError(
      `The provided offset value '${text}' is incorrect. Valid values are 'earliest', 'latest', or a non-negative long.`,
    );
  return Number(text);
}
