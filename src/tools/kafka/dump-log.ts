import { utf8Decode } from '../../protocol/utf8.ts';
import { decodeProducers } from '../../storage/producer-snapshot.ts';
import { decodeAborted } from '../../storage/transaction-index.ts';
import { dumpBatches } from './dump-batches.ts';
import { type Decoder, metadataDecoder, offsetsDecoder, plainDecoder, transactionDecoder } from './dump-decoders.ts';
import { type DiskPath, filesIn, isUnwritten, nodeNamed, readFile, readPath, writtenPath } from './dump-files.ts';
import { PlainError } from './failure.ts';
import { partitionsOf } from './offsets.ts';
import type { Steps } from './steps.ts';
import type { Tool, ToolCall } from './tool.ts';

const DECODERS: Readonly<Record<string, Decoder>> = {
  'offsets-decoder': offsetsDecoder,
  'transaction-log-decoder': transactionDecoder,
  'cluster-metadata-decoder': metadataDecoder,
};
const INT_MAX = 2_147_483_647;

/** DumpLogSegments. It reads the disks themselves, of nodes that do not run, too. */
export const dumpLog: Tool = {
  name: 'kafka-dump-log',
  summary: 'what lies in the files of a replica: batches and records, producers, transactions',
  differs:
    'A path begins with the node: /broker-1/orders-0/00000000000000000000.log. Indexes are kept in memory here, so that there are no files of theirs. Checkpoints, which the real tool passes over, are printed as they are.',
  options: [
    { name: 'files', value: 'A,B', about: 'which files' },
    { name: 'topic', value: 'NAME', completes: 'topic', about: 'in place of --files: the segments of this topic' },
    { name: 'partition', value: 'N', about: 'and this partition (0)' },
    { name: 'broker', value: 'ID', completes: 'broker', about: 'on this node; of the leader, if left out' },
    { name: 'print-data-log', about: 'with keys and values' },
    { name: 'deep-iteration', about: 'record by record' },
    { name: 'offsets-decoder', about: 'records of __consumer_offsets as JSON' },
    { name: 'transaction-log-decoder', about: 'records of __transaction_state as JSON' },
    { name: 'cluster-metadata-decoder', about: 'records of __cluster_metadata as JSON' },
    { name: 'skip-record-metadata', about: 'only keys and values' },
    { name: 'max-bytes', value: 'N', about: 'only batches within so many bytes' },
    { name: 'max-message-size', value: 'N', about: 'taken, and not needed' },
  ],
  refuses: {
    'index-sanity-check': 'brokers here keep their indexes in memory: there are no files to check',
    'verify-index-only': 'brokers here keep their indexes in memory: there are no files to check',
    'key-decoder-class': 'there are no classes here; keys and values are shown as UTF-8',
    'value-decoder-class': 'there are no classes here; keys and values are shown as UTF-8',
    'share-group-state-decoder': 'brokers here have no share groups',
    'remote-log-metadata-decoder': 'brokers here have no remote storage',
  },
  examples: [
    'kafka-dump-log --files /broker-1/orders-0/00000000000000000000.log --print-data-log',
    'kafka-dump-log --topic orders --partition 0 --broker 2 --deep-iteration',
    'kafka-dump-log --topic __cluster_metadata --broker 1 --cluster-metadata-decoder | grep PARTITION',
  ],
  *run(call) {
    const { args } = call;
    if (!args.has('files') && !args.has('topic')) args.required('files');
    const files = args.has('topic')
      ? yield* segmentsOf(call)
      : args
          .required('files')
          .split(',')
          .map((text) => readPath(call.cluster, text.trim(), args.get('broker')));
    for (const file of files) dump(call, file);
  },
};

/** The `.log` files of a replica. */
function* segmentsOf(call: ToolCall): Steps<readonly DiskPath[]> {
  const { args, cluster } = call;
  const topic = args.required('topic');
  const partition = args.integer('partition') ?? 0;
  const directory = `${topic}-${partition}`;
  const node = args.has('broker')
    ? nodeNamed(cluster, args.required('broker'))
    : topic === '__cluster_metadata'
      ? holderOf(call, directory)
      : yield* leaderOf(call, topic, partition);
  const paths = filesIn(cluster, node, directory).filter((path) => path.endsWith('.log'));
  const first = `${directory}/${'0'.repeat(20)}.log`;
  if (paths.length === 0 && isUnwritten(cluster, node, first)) return [{ node, path: first }];
  if (paths.length === 0) throw new PlainError(`${node} has no replica of ${directory}`);
  return paths.map((path) => ({ node, path }));
}

function* leaderOf(call: ToolCall, topic: string, partition: number): Steps<string> {
  const all = (yield* partitionsOf(call, null)).filter((each) => each.topic === topic);
  if (all.length === 0) throw new PlainError(`there is no topic ${topic}`);
  const known = all.find((each) => each.partition === partition);
  if (known === undefined) throw new PlainError(`${topic} has no partition ${partition}`);
  if (known.leader < 0)
    throw new PlainError(`${topic}-${partition} has no leader: name the replica to look at, --broker 1`);
  return nodeNamed(call.cluster, String(known.leader));
}

/** The first node that has the directory on a disk. */
function holderOf({ cluster }: ToolCall, directory: string): string {
  const found = [...cluster.nodes.keys()].find((node) => filesIn(cluster, node, directory).length > 0);
  if (found === undefined) throw new PlainError(`no node has ${directory} on a disk`);
  return found;
}

function dump(call: ToolCall, file: DiskPath): void {
  const { cluster, print } = call;
  const bytes = readFile(cluster, file);
  print(`Dumping ${writtenPath(file)}`);
  const name = file.path.split('/').at(-1)!;
  const offset = /^(\d{20})/.exec(name)?.[1];
  switch (/\.[a-z]+$/.exec(name)?.[0]) {
    case '.log':
      print(`Log starting offset: ${Number(offset)}`);
      return dumpRecords(call, bytes, name);
    case '.checkpoint': {
      const [, epoch] = /-(\d{10})\./.exec(name) ?? [];
      print(
        epoch === undefined
          ? 'KRaft bootstrap snapshot'
          : `Snapshot end offset: ${Number(offset)}, epoch: ${Number(epoch)}`,
      );
      return dumpRecords(call, bytes, name);
    }
    case '.snapshot':
      return dumpProducers(call, bytes);
    case '.txnindex':
      return dumpAborted(call, bytes);
    default:
      return print(...utf8Decode(bytes).trimEnd().split('\n'));
  }
}

function dumpRecords({ args, cluster, older, print, data }: ToolCall, bytes: Uint8Array, name: string): void {
  const named = Object.keys(DECODERS).find((option) => args.has(option));
  const decoder =
    named !== undefined
      ? DECODERS[named]
      : args.has('print-data-log') || args.has('skip-record-metadata')
        ? plainDecoder
        : undefined;
  const { lines, batches } = dumpBatches(bytes, name, {
    deep: decoder !== undefined || args.has('deep-iteration'),
    decoder,
    bare: args.has('skip-record-metadata'),
    maxBytes: args.integer('max-bytes') ?? INT_MAX,
    older,
    compression: cluster.clients.environment.compression,
  });
  print(...lines);
  data(...batches);
}

function dumpProducers({ print, data }: ToolCall, bytes: Uint8Array): void {
  const entries = decodeProducers(bytes);
  if (entries === undefined) throw new PlainError('the snapshot is damaged');
  for (const { producerId, epoch, coordinatorEpoch, transactionStart, lastTimestampMs, lastBatch } of entries) {
    const first = transactionStart < 0 ? 'OptionalLong.empty' : `OptionalLong[${transactionStart}]`;
    const batch =
      lastBatch === undefined
        ? ''
        : `firstSequence: ${lastBatch.lastSequence - lastBatch.offsetDelta} lastSequence: ${lastBatch.lastSequence} lastOffset: ${lastBatch.lastOffset} offsetDelta: ${lastBatch.offsetDelta} timestamp: ${lastBatch.timestampMs}`;
    print(
      `producerId: ${producerId} producerEpoch: ${epoch} coordinatorEpoch: ${coordinatorEpoch} currentTxnFirstOffset: ${first} lastTimestamp: ${lastTimestampMs} ${batch}`,
    );
    data({ producerId, producerEpoch: epoch, coordinatorEpoch, lastTimestamp: lastTimestampMs, ...lastBatch });
  }
}

function dumpAborted({ print, data }: ToolCall, bytes: Uint8Array): void {
  for (const { producerId, firstOffset, lastOffset, lastStableOffset } of decodeAborted(bytes)) {
    print(
      `version: 0 producerId: ${producerId} firstOffset: ${firstOffset} lastOffset: ${lastOffset} lastStableOffset: ${lastStableOffset}`,
    );
    data({ producerId, firstOffset, lastOffset, lastStableOffset });
  }
}
