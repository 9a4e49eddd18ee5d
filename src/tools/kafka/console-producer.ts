import { exceptionOf, PlainError, UsageError } from './failure.ts';
import { readLine } from './line-reader.ts';
import { isSecurity, linesOf, readProperty } from './properties.ts';
import { producerSettings, sendRecords } from './record-sender.ts';
import type { Tool, ToolCall } from './tool.ts';

/** Options that are settings of the producer by another name. */
const SETTINGS: Readonly<Record<string, string>> = {
  'batch-size': 'batch.size',
  'max-partition-memory-bytes': 'batch.size',
  'max-memory-bytes': 'buffer.memory',
  'max-block-ms': 'max.block.ms',
  'message-send-max-retries': 'retries',
  'metadata-expiry-ms': 'metadata.max.age.ms',
  'request-required-acks': 'acks',
  'request-timeout-ms': 'request.timeout.ms',
  'retry-backoff-ms': 'retry.backoff.ms',
  'socket-buffer-size': 'send.buffer.bytes',
  timeout: 'linger.ms',
};
const READER =
  'parse.key, key.separator (a tab), parse.headers, headers.delimiter (a tab), headers.separator (,), headers.key.separator (:), null.marker, ignore.error';

/** ConsoleProducer. */
export const consoleProducer: Tool = {
  name: 'kafka-console-producer',
  summary: 'sends lines as records',
  differs:
    'It sends what is piped into it (`echo` with `\\n` between records), what stands behind `<<EOF` or in a file behind `<`, or on a terminal what is typed, until Ctrl-D. All lines of a call are sent by one producer.',
  reads: true,
  feeds: true,
  options: [
    { name: 'topic', value: 'NAME', completes: 'topic', about: 'to which topic' },
    { name: 'property', value: 'parse.key=true', about: READER },
    { name: 'reader-property', value: 'parse.key=true', about: 'the same by its new name' },
    { name: 'producer-property', value: 'acks=all', about: 'a setting of the producer' },
    { name: 'command-property', value: 'acks=all', about: 'the same by its new name' },
    { name: 'request-required-acks', value: '-1', about: '0, 1 or -1' },
    {
      name: 'compression-codec',
      value: '[CODEC]',
      optional: true,
      about: 'gzip, snappy, lz4 or zstd; gzip, if left out',
    },
    ...Object.entries(SETTINGS)
      .filter(([name]) => name !== 'request-required-acks')
      .map(([name, setting]) => ({ name, value: 'N', about: setting })),
    { name: 'sync', about: 'one record after another' },
    { name: 'producer.config', value: 'FILE', file: 'properties', about: 'settings of the producer, a line each' },
    { name: 'command-config', value: 'FILE', file: 'properties', about: 'the same by its new name' },
    { name: 'reader-config', value: 'FILE', file: 'properties', about: 'properties of the reader, a line each' },
  ],
  refuses: { 'line-reader': 'there are no classes here; each line is a record' },
  examples: [
    'echo hello | kafka-console-producer --topic orders',
    "echo 'k1:v1\\nk2:v2' | kafka-console-producer --topic orders --property parse.key=true --property key.separator=:",
  ],
  *run(call) {
    const { args, input } = call;
    const topic = args.required('topic');
    if (input === undefined)
      throw new UsageError(
        `it sends what it is fed with: echo hello | kafka-console-producer --topic ${topic}, or lines behind <<EOF`,
      );
    const properties = new Map(
      [...linesOf(args.get('reader-config')), ...args.all('property'), ...args.all('reader-property')].map(
        readProperty,
      ),
    );
    const config = producerSettings(call, settingsOf(call));
    const records = input.map((line, index) => readLine(line, index + 1, properties));
    // One by one, each in a batch of its own; otherwise as many in a batch as fit.
    const groups = args.has('sync') ? records.map((record) => [record]) : [records];
    for (const group of groups) {
      const outcomes = yield* sendRecords(call, config, topic, null, group);
      const failed = outcomes.find(({ kind }) => kind === 'failed');
      if (failed?.kind !== 'failed') continue;
      const { exception, message } = exceptionOf(failed.error, null);
      throw new PlainError(`org.apache.kafka.common.errors.${exception}: ${message}`);
    }
  },
};

function settingsOf({ args }: ToolCall): Record<string, string> {
  const given = [
    ...linesOf(args.get('producer.config') ?? args.get('command-config')),
    ...args.all('producer-property'),
    ...args.all('command-property'),
  ].map(readProperty);
  const settings: Record<string, string> = { 'client.id': 'console-producer' };
  for (const [option, setting] of Object.entries(SETTINGS)) {
    const value = args.get(option);
    if (value !== undefined) settings[setting] = value;
  }
  const codec = args.get('compression-codec');
  if (codec !== undefined) settings['compression.type'] = codec === '' ? 'gzip' : codec;
  for (const [name, value] of given) if (!name.startsWith('bootstrap.') && !isSecurity(name)) settings[name] = value;
  return settings;
}
