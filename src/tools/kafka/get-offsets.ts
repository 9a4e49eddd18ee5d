import { ToolError, UsageError } from './failure.ts';
import { type KnownPartition, listOffsets, partitionsOf } from './offsets.ts';
import type { Tool } from './tool.ts';
import { topicFilter } from './topic-names.ts';

/** Special times of ListOffsets, as GetOffsetShell names them. */
const TIMES: Readonly<Record<string, number>> = {
  latest: -1,
  earliest: -2,
  'max-timestamp': -3,
  'earliest-local': -4,
  'latest-tiered': -5,
};

/** GetOffsetShell. */
export const getOffsets: Tool = {
  name: 'kafka-get-offsets',
  summary: 'offsets of partitions: the latest, the earliest, or that of a time',
  failing: 'Error occurred: ',
  bare: true,
  options: [
    { name: 'topic', value: 'NAME', completes: 'topic', about: 'which; a regular expression' },
    { name: 'partitions', value: '0,1', about: 'which partitions of them' },
    { name: 'topic-partitions', value: 'NAME:0,NAME:2-4', about: 'in place of the two above' },
    { name: 'time', value: 'latest', completes: Object.keys(TIMES), about: 'or a time in milliseconds' },
    { name: 'exclude-internal-topics', about: 'without topics like __consumer_offsets' },
  ],
  examples: ['kafka-get-offsets --topic orders', 'kafka-get-offsets --topic-partitions orders:0-1 --time earliest'],
  *run(call) {
    const { args, print } = call;
    args.exclude('topic-partitions', ['topic', 'partitions']);
    const time = args.get('time') ?? 'latest';
    const timestamp = TIMES[time] ?? (/^-?\d+$/.test(time) ? Number(time) : undefined);
    if (timestamp === undefined)
      throw new ToolError(
        'TerseException',
        `Malformed time argument ${time}, please use -1 or latest / -2 or earliest / -3 or max-timestamp / -4 or earliest-local / -5 or latest-tiered, or a specified long format timestamp`,
      );
    const wanted = wantedPartitions(args.get('topic-partitions'), args.get('topic'), args.get('partitions'));
    const known = (yield* partitionsOf(call, null)).filter(
      (partition) => !(partition.isInternal && args.has('exclude-internal-topics')) && wanted(partition),
    );
    if (known.length === 0)
      throw new ToolError('TerseException', 'Could not match any topic-partitions with the specified filters');
    for (const { topic, partition } of known.filter(({ leader }) => leader < 0)) {
      print(`Skip getting offsets for topic-partition ${topic}:${partition} since it has no leader right now`);
      call.spoil();
    }
    const offsets = yield* listOffsets(
      call,
      known.filter(({ leader }) => leader >= 0),
      timestamp,
    );
    for (const { topic, partition, offset } of offsets) print(`${topic}:${partition}:${offset < 0 ? '' : offset}`);
  },
};

type Wanted = (partition: KnownPartition) => boolean;

/** Throws `UsageError`, or `ToolError` for a broken expression. */
function wantedPartitions(list: string | undefined, topic: string | undefined, numbers: string | undefined): Wanted {
  if (list !== undefined) {
    const rules = list.split(',').map((rule) => {
      const [name, range] = rule.split(':');
      return both(name === undefined || name === '' ? undefined : name, range);
    });
    return (partition) => rules.some((rule) => rule(partition));
  }
  const rules = (numbers ?? '').split(',').map((range) => both(topic, range === '' ? undefined : range));
  return (partition) => rules.some((rule) => rule(partition));
}

function both(topic: string | undefined, range: string | undefined): Wanted {
  const name = topic === undefined ? undefined : topicFilter(topic);
  const [, first, dash, last] = /^(\d*)(-?)(\d*)$/.exec(range ?? '-') ?? [];
  if (first === undefined) throw new UsageError(`Invalid partition "${range}"`);
  const from = first === '' ? 0 : Number(first);
  const until = dash === '' ? from + 1 : last === '' ? Number.POSITIVE_INFINITY : Number(last);
  return ({ topic: of, partition }) => (name === undefined || name.test(of)) && partition >= from && partition < until;
}
