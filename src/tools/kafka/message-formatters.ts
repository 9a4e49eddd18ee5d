/** How records are shown: Kafka's message formatters. */
import { utf8Decode } from '../../protocol/utf8.ts';
import { MalformedMessage } from '../../protocol/wire-error.ts';
import { groupJson, transactionJson } from './dump-decoders.ts';
import { UsageError } from './failure.ts';
import type { ReadRecord } from './record-reader.ts';

/** Undefined: nothing is shown of it. */
export type Formatter = (record: ReadRecord) => string | undefined;

type Properties = ReadonlyMap<string, string>;

/** By the name of its class, in whatever package. Throws `UsageError`. */
export function formatterNamed(name: string, properties: Properties, older: boolean): Formatter {
  const short = name.replace(/^.*[.$]/, '');
  const make = FORMATTERS[short];
  if (make === undefined)
    throw new UsageError(
      `there is no formatter ${name} here; these are: ${Object.keys(FORMATTERS).join(', ')}, of org.apache.kafka.tools.consumer`,
    );
  return make(properties, older);
}

const FORMATTERS: Readonly<Record<string, (properties: Properties, older: boolean) => Formatter>> = {
  DefaultMessageFormatter: defaultFormatter,
  LoggingMessageFormatter: defaultFormatter,
  NoOpMessageFormatter: () => () => undefined,
  OffsetsMessageFormatter: () => coordinatorFormatter(groupJson, ['OffsetCommit']),
  GroupMetadataMessageFormatter: () => coordinatorFormatter(groupJson, ['GroupMetadata']),
  TransactionLogMessageFormatter: () => coordinatorFormatter(transactionJson, ['TransactionLog']),
};

/** In the fixed order of DefaultMessageFormatter. */
function defaultFormatter(properties: Properties, older: boolean): Formatter {
  const on = (name: string, otherwise = false): boolean =>
    properties.has(`print.${name}`) ? properties.get(`print.${name}`)!.trim().toLowerCase() === 'true' : otherwise;
  const text = (name: string, otherwise: string): string =>
    (properties.get(name) ?? otherwise).replaceAll('\\t', '\t').replaceAll('\\n', '\n');
  const separator = text('key.separator', '\t');
  const between = text('headers.separator', ',');
  const nothing = text('null.literal', 'null');
  const shown = (bytes: Uint8Array | null): string => (bytes === null ? nothing : utf8Decode(bytes));
  return ({ timestampType, timestampMs, partition, offset, headers, key, value }) =>
    [
      ...(on('timestamp') ? [`${timestampType}:${timestampMs}`] : []),
      ...(on('partition') ? [`Partition:${partition}`] : []),
      ...(on('offset') ? [`Offset:${offset}`] : []),
      // The real one hands neither of them on to what prints it.
      ...(on('delivery') && !older ? ['Delivery:NOT_PRESENT'] : []),
      ...(on('epoch') && !older ? ['Epoch:NOT_PRESENT'] : []),
      ...(on('headers')
        ? [headers.map((header) => `${header.key}:${shown(header.value)}`).join(between) || 'NO_HEADERS']
        : []),
      ...(on('key') ? [shown(key)] : []),
      ...(on('value', true) ? [shown(value)] : []),
    ].join(separator);
}

/** `{"key":{"type":1,"data":{…}},"value":{"version":3,"data":{…}}}`, of the kinds that it is for. */
function coordinatorFormatter(decode: typeof groupJson, kinds: readonly string[]): Formatter {
  return (record) => {
    try {
      const json = decode(record);
      if (json === undefined || !kinds.includes(json.name)) return undefined;
      return JSON.stringify({
        key: { type: json.type, data: json.key },
        value: json.value === null ? null : { version: json.version, data: json.value },
      });
    } catch (thrown) {
      if (!(thrown instanceof MalformedMessage)) throw thrown;
      return undefined;
    }
  };
}

/** For `-o json`. */
export function recordJson({ topic, partition, offset, timestampMs, key, value, headers }: ReadRecord): object {
  const text = (bytes: Uint8Array | null): string | null => (bytes === null ? null : utf8Decode(bytes));
  return {
    topic,
    partition,
    offset,
    timestamp: timestampMs,
    key: text(key),
    value: text(value),
    headers: Object.fromEntries(headers.map((header) => [header.key, text(header.value)])),
  };
}
