import type { ConsumedRecord, ConsumeEnd } from '../../client/programs/consume-once.ts';
import { PlainError, UsageError } from './failure.ts';
import { called } from './steps.ts';
import type { Tool } from './tool.ts';

/** How long it waits for records that are yet to come, in milliseconds. */
const PATIENCE_MS = 60_000;

/** ConsoleConsumer. */
export const consoleConsumer: Tool = {
  name: 'kafka-console-consumer',
  summary: 'prints the records of a topic',
  differs:
    'From the beginning or an offset it ends at the end of the log, as if it were interrupted there; without either it waits for --max-messages (1) new records, up to a minute or --timeout-ms. It reads without a group.',
  options: [
    { name: 'topic', value: 'NAME', completes: 'topic', about: 'of which topic' },
    { name: 'from-beginning', about: 'from the first record on' },
    { name: 'partition', value: 'N', about: 'only this partition' },
    { name: 'offset', value: 'N', completes: ['earliest', 'latest'], about: 'from here on' },
    { name: 'max-messages', value: 'N', about: 'ends after so many' },
    { name: 'timeout-ms', value: 'MS', about: 'ends after so long' },
    { name: 'isolation-level', value: 'LEVEL', completes: ['read_committed', 'read_uncommitted'], about: '' },
    {
      name: 'property',
      value: 'print.key=true',
      about: 'print.key, .value, .offset, .partition, .timestamp, key.separator',
    },
    { name: 'formatter-property', value: 'print.key=true', about: 'the same by its new name' },
    { name: 'group', value: 'NAME', about: 'taken, and not used' },
  ],
  examples: ['kafka-console-consumer --topic orders --from-beginning --max-messages 5 --property print.key=true'],
  *run(call) {
    const { args, cluster, print } = call;
    const topic = args.required('topic');
    const partition = args.integer('partition');
    if (args.has('offset') && partition === undefined)
      throw new UsageError('The partition is required when offset is specified.');
    if (!cluster.catalog.topics().has(topic))
      throw new PlainError(`Topic '${topic}' does not exist, and reading makes none`);
    const most = args.integer('max-messages');
    const offset = args.get('offset');
    const from =
      args.has('from-beginning') || offset === 'earliest'
        ? 'earliest'
        : offset === undefined || offset === 'latest'
          ? 'latest'
          : readOffset(offset);
    const wanted = {
      topic,
      from,
      // Of one partition alone so many may have to be read of the others, too.
      max:
        partition === undefined ? (most ?? (from === 'latest' ? 1 : Number.MAX_SAFE_INTEGER)) : Number.MAX_SAFE_INTEGER,
      timeoutMs: args.integer('timeout-ms') ?? PATIENCE_MS,
      readCommitted: args.get('isolation-level') === 'read_committed',
    } as const;
    const { records, why } = yield* called<{ records: readonly ConsumedRecord[]; why: ConsumeEnd }>((done) =>
      cluster.operator.consume(cluster.clients.environment, wanted, (found, end) => done({ records: found, why: end })),
    );
    if (why === 'failed') throw new PlainError(`${topic} could not be read`);
    const shown = records
      .filter((record) => partition === undefined || record.partition === `${topic}-${partition}`)
      .slice(0, most ?? records.length);
    const properties = new Map(
      [...args.all('property'), ...args.all('formatter-property')].map((text) => {
        const cut = text.indexOf('=');
        return [text.slice(0, cut), text.slice(cut + 1)] as const;
      }),
    );
    for (const record of shown) print(recordLine(record, properties));
    print(`Processed a total of ${shown.length} messages`);
  },
};

function readOffset(text: string): number {
  if (!/^\d+$/.test(text))
    throw new UsageError(
      `The provided offset value '${text}' is incorrect. Valid values are 'earliest', 'latest', or a non-negative long.`,
    );
  return Number(text);
}

/** In the fixed order of DefaultMessageFormatter. */
function recordLine(
  { partition, offset, key, value, timestampMs }: ConsumedRecord,
  properties: ReadonlyMap<string, string>,
): string {
  const on = (name: string, otherwise = false) =>
    properties.has(`print.${name}`) ? properties.get(`print.${name}`) === 'true' : otherwise;
  const separator = (properties.get('key.separator') ?? '\t').replaceAll('\\t', '\t');
  return [
    ...(on('timestamp') ? [`CreateTime:${timestampMs}`] : []),
    ...(on('partition') ? [`Partition:${/\d+$/.exec(partition)?.[0]}`] : []),
    ...(on('offset') ? [`Offset:${offset}`] : []),
    ...(on('key') ? [key ?? 'null'] : []),
    ...(on('value', true) ? [value ?? 'null'] : []),
  ].join(separator);
}
