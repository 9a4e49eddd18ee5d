/** Lines as records: LineMessageReader of the console producer. */
import type { RecordHeader } from '../../protocol/record.ts';
import { utf8Encode } from '../../protocol/utf8.ts';
import { PlainError } from './failure.ts';

export interface LineRecord {
  readonly key: Uint8Array | null;
  readonly keyText: string | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly RecordHeader[];
}

type Properties = ReadonlyMap<string, string>;

/** `number`: of the line, from 1. Throws `PlainError` for a line that lacks a separator. */
export function readLine(line: string, number: number, properties: Properties): LineRecord {
  const text = (name: string, otherwise: string): string => (properties.get(name) ?? otherwise).replaceAll('\\t', '\t');
  const on = (name: string): boolean => properties.get(name)?.trim().toLowerCase() === 'true';
  const marker = properties.get('null.marker');
  const ignores = on('ignore.error');
  const cutAt = (rest: string, enabled: boolean, separator: string, what: string): [string | null, string] => {
    if (!enabled) return [null, rest];
    const cut = rest.indexOf(separator);
    if (cut >= 0) return [rest.slice(0, cut), rest.slice(cut + separator.length)];
    if (ignores) return [null, rest];
    throw refusal(`No ${what} found on line number ${number}: '${line}'`);
  };
  const [headers, behind] = cutAt(line, on('parse.headers'), text('headers.delimiter', '\t'), 'headers delimiter');
  const [key, value] = cutAt(behind, on('parse.key'), text('key.separator', '\t'), 'key separator');
  const bytes = (part: string | null): Uint8Array | null =>
    part === null || part === marker ? null : utf8Encode(part);
  const pairs = headers === null || headers === marker ? [] : headers.split(text('headers.separator', ','));
  const between = text('headers.key.separator', ':');
  return {
    key: bytes(key),
    keyText: key === marker ? null : key,
    value: bytes(value),
    headers: pairs.map((pair) => {
      const cut = pair.indexOf(between);
      if (cut < 0 && ignores) return { key: pair, value: null };
      if (cut < 0) throw refusal(`No header key separator found in pair '${pair}' on line number ${number}`);
      if (pair.slice(0, cut) === marker)
        throw refusal(`Header keys should not be equal to the null marker '${marker}' as they can't be null`);
      return { key: pair.slice(0, cut), value: bytes(pair.slice(cut + between.length)) };
    }),
  };
}

function refusal(message: string): PlainError {
  return new PlainError(`org.apache.kafka.common.KafkaException: ${message}`);
}
