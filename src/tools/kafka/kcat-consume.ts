/** `kcat -C`. */
import { PlainError } from './failure.ts';
import { kcatText } from './kcat-format.ts';
import { recordJson } from './message-formatters.ts';
import { EARLIEST, type KnownPartition, keyOf, LATEST, listOffsets, partitionsOf } from './offsets.ts';
import { isSecurity, readProperty } from './properties.ts';
import { readRecords } from './record-reader.ts';
import type { Steps } from './steps.ts';
import type { ToolCall } from './tool.ts';

const PATIENCE_MS = 60_000;

export function* consume(call: ToolCall): Steps<void> {
  const { args, print, data } = call;
  const topic = args.get('t');
  if (topic === undefined) throw new PlainError('Error: -t <topic> missing');
  const partitions = yield* wantedPartitions(call, topic);
  const extent = yield* extentOf(call, partitions);
  const max = args.integer('c') ?? Number.MAX_SAFE_INTEGER;
  const settings = Object.fromEntries(
    args
      .all('X')
      .map(readProperty)
      .filter(([name]) => !name.startsWith('bootstrap.') && !isSecurity(name)),
  );
  const { records, why, positions } = yield* readRecords(call, {
    topics: [topic],
    settings: { 'client.id': 'rdkafka', 'auto.offset.reset': 'earliest', ...settings },
    partitions: partitions.map(({ partition }) => partition),
    startAt: extent.from,
    max,
    atEnd: 'end',
    idleMs: PATIENCE_MS,
  });
  if (why === 'failed') throw new PlainError(`% ERROR: ${topic} could not be read`);
  const leaders = new Map(partitions.map((partition) => [keyOf(partition), partition.leader]));
  const shown = records.filter((record) => record.offset < (extent.until?.get(keyOf(record)) ?? Infinity));
  const text = shown.map((record) => kcatText(args, record, leaders.get(keyOf(record)) ?? -1)).join('');
  data(...shown.map(recordJson));
  // The last line end is the end of the answer.
  if (text !== '') print(text.replace(/\n$/, ''));
  if (why !== 'end-of-log' || args.has('q')) return;
  const left = partitions.map((partition) => [partition.partition, positions.get(keyOf(partition)) ?? 0] as const);
  for (const [index, [partition, offset]] of left.entries())
    print(
      `% Reached end of topic ${topic} [${partition}] at offset ${offset}${index === left.length - 1 ? ': exiting' : ''}`,
    );
}

function* wantedPartitions(call: ToolCall, topic: string): Steps<readonly KnownPartition[]> {
  const all = (yield* partitionsOf(call, null)).filter((partition) => partition.topic === topic);
  if (all.length === 0) throw new PlainError(`% ERROR: Topic ${topic} error: Broker: Unknown topic or partition`);
  const number = call.args.integer('p');
  if (number === undefined || number < 0) return all;
  const named = all.filter(({ partition }) => partition === number);
  if (named.length === 0)
    throw new PlainError(
      `% ERROR: Topic ${topic} (with partitions 0..${all.length - 1}): partition ${number} does not exist`,
    );
  return named;
}

interface Extent {
  /** First offsets by the names of partitions. */
  readonly from: ReadonlyMap<string, number>;
  /** Offsets that are no more shown. */
  readonly until?: ReadonlyMap<string, number>;
}

/** `-o beginning`, `end`, `5`, `-5`, `s@1700000000000`, `e@1700000000000`; the last two can stand together. */
function* extentOf(call: ToolCall, partitions: readonly KnownPartition[]): Steps<Extent> {
  const first = yield* offsetsOf(call, partitions, EARLIEST);
  const end = yield* offsetsOf(call, partitions, LATEST);
  const each = (of: (name: string) => number): ReadonlyMap<string, number> =>
    new Map(partitions.map((partition) => [keyOf(partition), of(keyOf(partition))]));
  const within = (name: string, offset: number): number => Math.min(Math.max(offset, first.get(name)!), end.get(name)!);
  let extent: Extent = { from: first };
  for (const text of call.args.all('o')) {
    const [, side, time] = /^([se])@(\d+)$/.exec(text) ?? [];
    if (time !== undefined) {
      const found = yield* offsetsOf(call, partitions, Number(time));
      const offsets = each((name) => (found.get(name)! < 0 ? end.get(name)! : found.get(name)!));
      extent = side === 's' ? { ...extent, from: offsets } : { ...extent, until: offsets };
    } else if (text === 'end' || text === '-1') extent = { ...extent, from: end };
    else if (text === 'beginning' || text === 'stored') extent = { ...extent, from: first };
    else if (/^-\d+$/.test(text))
      extent = { ...extent, from: each((name) => within(name, end.get(name)! + Number(text))) };
    else if (/^\d+$/.test(text)) extent = { ...extent, from: each(() => Number(text)) };
    else throw new PlainError(`-o ${text}: it is beginning, end, a number, s@TIME or e@TIME`);
  }
  return extent;
}

function* offsetsOf(call: ToolCall, partitions: readonly KnownPartition[], time: number) {
  const listed = yield* listOffsets(call, partitions, time);
  return new Map(listed.map((each) => [keyOf(each), each.offset]));
}
