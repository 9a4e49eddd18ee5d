import { ToolError } from './failure.ts';
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
  'earliest-pending-upload': -6,
};

/** GetOffsetShell. */
export const getOffsets: Tool = {
  name: 'kafka-get-offsets',
  summary: 'offsets of partitions: the latest, the earliest, or that of a time',
  failing: 'Error occurred: ',
  failingUsage: true,
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
    const { args, print, data, older } = call;
    if (args.has('topic-partitions') && (args.has('topic') || args.has('partitions')))
      throw terse('--topic-partitions cannot be used with --topic or --partitions');
    const time = args.get('time') ?? 'latest';
    const timestamp = TIMES[time] ?? (/^-?\d+$/.test(time) ? Number(time) : undefined);
    if (timestamp === undefined)
      throw terse(
        `Malformed time argument ${time}. Please use -1 or latest / -2 or earliest / -3 or max-timestamp / -4 or earliest-local / -5 or latest-tiered${older ? '' : ' / -6 or earliest-pending-upload'}, or a specified long format timestamp`,
      );
    const wanted = wantedPartitions(args.get('topic-partitions'), args.get('topic'), args.get('partitions'));
    const known = (yield* partitionsOf(call, null)).filter(
      (partition) => !(partition.isInternal && args.has('exclude-internal-topics')) && wanted(partition),
    );
    if (known.length === 0) throw terse('Could not match any topic-partitions with the specified filters');
    for (const { topic, partition } of known.filter(({ leader }) => leader < 0)) {
      print(`Skip getting offsets for topic-partition ${topic}:${partition} since it has no leader right now`);
      call.spoil();
    }
    const offsets = yield* listOffsets(
      call,
      known.filter(({ leader }) => leader >= 0),
      timestamp,
    );
    // Of a partition without such a record nothing is said.
    for (const { topic, partition, offset } of offsets.filter((listed) => listed.offset >= 0)) {
      print(`${topic}:${partition}:${offset}`);
      data({ topic, partition, offset });
    }
  },
};

const terse = (message: string): ToolError => new ToolError('TerseException', message);

type Wanted = (partition: KnownPartition) => boolean;

/** Throws `ToolError`. */
function wantedPartitions(list: string | undefined, topic: string | undefined, numbers: string | undefined): Wanted {
  if (list !== undefined) {
    const rules = list.split(',').map((rule) => {
      if (!/^[^:,]*(:(\d*|\d*-\d*))?$/.test(rule))
        throw terse(`org.apache.kafka.tools.TerseException: Invalid rule specification: ${rule}`);
      const [name, range] = rule.split(':');
      return both(name === undefined || name === '' ? undefined : name, range);
    });
    return (partition) => rules.some((rule) => rule(partition));
  }
  if (numbers !== undefined && !/^\d+(,\d+)*$/.test(numbers))
    throw terse(`--partitions expects a comma separated list of numeric partition ids, but received: ${numbers}`);
  const rules = (numbers ?? '').split(',').map((range) => both(topic, range === '' ? undefined : range));
  return (partition) => rules.some((rule) => rule(partition));
}

function both(topic: string | undefined, range: string | undefined): Wanted {
  const name = topic === undefined ? undefined : topicFilter(topic);
  const [, first = '', dash, last] = /^(\d*)(-?)(\d*)$/.exec(range ?? '-') ?? [];
  const from = first === '' ? 0 : Number(first);
  const until = dash === '' ? from + 1 : last === '' ? Number.POSITIVE_INFINITY : Number(last);
  return ({ topic: of, partition }) => (name === undefined || name.test(of)) && partition >= from && partition < until;
}
