import { PlainError } from './failure.ts';
import { consume } from './kcat-consume.ts';
import { listMetadata } from './kcat-metadata.ts';
import { produce } from './kcat-produce.ts';
import { queryOffsets } from './kcat-query.ts';
import type { Steps } from './steps.ts';
import type { Tool, ToolCall } from './tool.ts';

const MODES = ['C', 'P', 'L', 'Q'];

/** kcat 1.7 (formerly kafkacat), a program of its own over librdkafka. */
export const kcat: Tool = {
  name: 'kcat',
  summary: 'reads, sends, lists metadata and asks for offsets, as the program over librdkafka',
  differs:
    '-C ends at the end of the log, as if it were interrupted there, with -e or without. What goes to stderr stands behind the records. The operator asks any broker, and does not say which.',
  letters: true,
  feeds: true,
  options: [
    { name: 'C', about: 'reads a topic' },
    { name: 'P', about: 'sends lines' },
    { name: 'L', about: 'lists brokers, topics and partitions' },
    { name: 'Q', about: 'offsets of times' },
    { name: 't', value: 'TOPIC', completes: 'topic', about: 'which topic; with -Q topic:partition:time' },
    { name: 'p', value: 'N', about: 'which partition' },
    { name: 'o', value: 'OFFSET', about: '-C: beginning, end, N, -N from the end, s@TIME, e@TIME' },
    { name: 'e', about: '-C: ends at the end of the log' },
    { name: 'c', value: 'N', about: 'ends after so many' },
    { name: 'f', value: 'FORMAT', about: '-C: %s %S %k %K %T %h %t %p %o \\n \\t' },
    { name: 'J', about: 'as JSON' },
    { name: 'K', value: 'SIGN', about: 'between key and value' },
    { name: 'D', value: 'SIGN', about: 'between records (a line end)' },
    { name: 'k', value: 'KEY', about: '-P: of every record' },
    { name: 'H', value: 'NAME=VALUE', about: '-P: a header of every record; repeatable' },
    { name: 'z', value: 'CODEC', about: '-P: gzip, snappy, lz4 or zstd' },
    { name: 'Z', about: 'null in place of what is empty' },
    { name: 'X', value: 'NAME=VALUE', about: 'a setting of the client, by its name in Kafka' },
    { name: 'O', about: '-C: the offset before each record, with -K' },
    { name: 'q', about: 'says nothing beside' },
    ...['u', 'v', 'E'].map((name) => ({ name, about: 'taken, and not needed' })),
    ...['b', 'm', 'F', 'd'].map((name) => ({ name, value: 'X', about: 'taken, and not needed' })),
  ],
  refuses: {
    G: 'kafka-console-consumer --group joins a group',
    s: 'keys and values are shown as UTF-8',
    r: 'there is no schema registry',
    l: 'pipe the lines in',
    T: 'the lines are to be seen already',
    V: 'kzsim --version is its version',
  },
  examples: [
    'kcat -L -t orders',
    "kcat -C -t orders -o beginning -e -f '%p %o %k=%s\\n'",
    "echo 'k1:v1' | kcat -P -t orders -K:",
    'kcat -Q -t orders:0:-1',
  ],
  *run(call) {
    const modes = MODES.filter((mode) => call.args.has(mode));
    if (modes.length > 1) throw new PlainError(`Error: only one of -${modes.join(', -')} can be given`);
    yield* RUNS[modes[0] ?? (call.input === undefined ? 'C' : 'P')]!(call);
  },
};

const RUNS: Readonly<Record<string, (call: ToolCall) => Steps<void>>> = {
  C: consume,
  P: produce,
  L: listMetadata,
  Q: queryOffsets,
};
