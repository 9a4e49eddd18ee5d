/** How `kcat -C` shows a record. */
import { utf8Decode } from '../../protocol/utf8.ts';
import type { Arguments } from './arguments.ts';
import type { ReadRecord } from './record-reader.ts';

/** `\n`, `\t`, `\x41` as the signs that they stand for. */
export function escaped(text: string): string {
  return text.replace(/\\(?:x([0-9a-fA-F]{1,2})|(.))/gs, (_, hex: string | undefined, sign: string) =>
    hex === undefined ? ({ n: '\n', r: '\r', t: '\t' }[sign] ?? sign) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

const NO_BYTES = new Uint8Array(0);

/** One record, with what separates it from the next. `broker`: who leads its partition. */
export function kcatText(args: Arguments, record: ReadRecord, broker: number): string {
  if (args.has('J')) return `${JSON.stringify(envelope(record, broker))}\n`;
  const nothing = args.has('Z') ? 'NULL' : '';
  const shown = (bytes: Uint8Array | null): string => utf8Decode(bytes ?? NO_BYTES) || nothing;
  const format = args.get('f');
  if (format !== undefined) return formatted(escaped(format), record, shown);
  const key = args.get('K');
  const between = key === undefined ? '' : escaped(key);
  return [
    ...(key !== undefined && args.has('O') ? [`${record.offset}${between}`] : []),
    ...(key === undefined ? [] : [shown(record.key), between]),
    shown(record.value),
    escaped(args.get('D') ?? '\n'),
  ].join('');
}

function formatted(format: string, record: ReadRecord, shown: (bytes: Uint8Array | null) => string): string {
  const { topic, partition, offset, timestampMs, key, value, headers } = record;
  const tokens: Readonly<Record<string, () => string | number>> = {
    s: () => shown(value),
    S: () => value?.length ?? -1,
    R: () => value?.length ?? -1,
    k: () => shown(key),
    K: () => key?.length ?? -1,
    T: () => timestampMs,
    h: () => headers.map((header) => `${header.key}=${shown(header.value)}`).join(','),
    t: () => topic,
    p: () => partition,
    o: () => offset,
    '%': () => '%',
  };
  return format.replace(/%(.)/gs, (whole, token: string) => String(tokens[token]?.() ?? whole));
}

function envelope(record: ReadRecord, broker: number): object {
  const { topic, partition, offset, timestampMs, timestampType, key, value, headers } = record;
  const text = (bytes: Uint8Array | null): string | null => (bytes === null ? null : utf8Decode(bytes));
  return {
    topic,
    partition,
    offset,
    tstype: timestampType === 'CreateTime' ? 'create' : 'logappend',
    ts: timestampMs,
    broker,
    ...(headers.length === 0
      ? {}
      : { headers: Object.fromEntries(headers.map((header) => [header.key, text(header.value)])) }),
    key: text(key),
    payload: text(value),
  };
}
