/** `kcat -P`. */
import { utf8Encode } from '../../protocol/utf8.ts';
import { PlainError } from './failure.ts';
import { escaped } from './kcat-format.ts';
import { errorText } from './kcat-metadata.ts';
import type { LineRecord } from './line-reader.ts';
import { isSecurity, readProperty } from './properties.ts';
import { producerSettings, sendRecords } from './record-sender.ts';
import type { Steps } from './steps.ts';
import type { ToolCall } from './tool.ts';

export function* produce(call: ToolCall): Steps<void> {
  const { args, input, print, spoil } = call;
  const topic = args.get('t');
  if (topic === undefined) throw new PlainError('Error: -t <topic> missing');
  if (input === undefined)
    throw new PlainError(`it sends what it is fed with: echo hello | kcat -P -t ${topic}, or lines behind <<EOF`);
  const settings = Object.fromEntries(
    args
      .all('X')
      .map(readProperty)
      .filter(([name]) => !name.startsWith('bootstrap.') && !isSecurity(name)),
  );
  const codec = args.get('z');
  const config = producerSettings(call, {
    'client.id': 'rdkafka',
    ...settings,
    ...(codec === undefined ? {} : { 'compression.type': codec }),
  });
  const partition = args.integer('p');
  const lines = separated(call, input).slice(0, args.integer('c') ?? input.length);
  const records = lines.map((line) => recordOf(call, line));
  const chosen = partition === undefined || partition < 0 ? null : partition;
  const outcomes = yield* sendRecords(call, config, topic, chosen, records);
  for (const outcome of outcomes)
    if (outcome.kind === 'failed') {
      print(`% Delivery failed for message: ${errorText(outcome.error)}`);
      spoil();
    }
}

/** Lines, or what stands between the signs of -D. */
function separated({ args }: ToolCall, input: readonly string[]): readonly string[] {
  const sign = args.get('D');
  if (sign === undefined) return input;
  return input
    .join('\n')
    .split(escaped(sign))
    .filter((text) => text !== '');
}

function recordOf({ args }: ToolCall, line: string): LineRecord {
  const sign = args.get('K');
  const cut = sign === undefined ? -1 : line.indexOf(escaped(sign));
  const key = cut >= 0 ? line.slice(0, cut) : args.get('k');
  const value = cut >= 0 ? line.slice(cut + escaped(sign!).length) : line;
  const bytes = (text: string | undefined): Uint8Array | null =>
    text === undefined || (text === '' && args.has('Z')) ? null : utf8Encode(text);
  return {
    key: bytes(key),
    keyText: key ?? null,
    value: bytes(value),
    headers: args.all('H').map((text) => {
      const equals = text.indexOf('=');
      return equals < 0
        ? { key: text, value: null }
        : { key: text.slice(0, equals), value: utf8Encode(text.slice(equals + 1)) };
    }),
  };
}
