/** A consumer that a tool has for as long as it runs, and what it has read. */
import { Consumer } from '../../client/consumer/consumer.ts';
import { recordsBetween } from '../../client/consumer/records.ts';
import { consumerConfig } from '../../config/resources.ts';
import type { RecordHeader } from '../../protocol/record.ts';
import { UsageError } from './failure.ts';
import { called, type Steps } from './steps.ts';
import type { ToolCall } from './tool.ts';

/** Whoever reads what is sent for ever would do so for ever. */
const MOST_US = 60_000_000;

export interface ReadRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly leaderEpoch: number;
  readonly timestampType: 'CreateTime' | 'LogAppendTime';
  readonly timestampMs: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly RecordHeader[];
}

export interface Reading {
  readonly topics: readonly string[];
  /** Names of `consumer.properties`; with a group in them, it joins that and commits when it ends. */
  readonly settings: Readonly<Record<string, string>>;
  /** Without a group: only these partitions of every topic. */
  readonly partitions?: readonly number[];
  /** Without a group: where it begins, in all partitions or by their names. */
  readonly startAt?: number | ReadonlyMap<string, number>;
  /** Ends after so many. */
  readonly max: number;
  /** At the end of the logs: it ends, it ends once it has read anything, it waits. */
  readonly atEnd: 'end' | 'end-if-read' | 'wait';
  /** Ends when nothing has come for so long, and after a minute although something comes. */
  readonly idleMs: number;
}

export type ReadingEnd = 'enough' | 'end-of-log' | 'timed-out' | 'failed';

export interface ReadResult {
  readonly records: readonly ReadRecord[];
  readonly why: ReadingEnd;
  /** Where each partition was left. */
  readonly positions: ReadonlyMap<string, number>;
}

/** Throws `UsageError` for settings that no consumer has. */
export function* readRecords(call: ToolCall, reading: Reading): Steps<ReadResult> {
  return yield* called<ReadResult>((done) => begin(call, reading, done));
}

function begin(call: ToolCall, reading: Reading, done: (result: ReadResult) => void): void {
  const { context } = call.admin.network;
  const { environment } = call.cluster.clients;
  const { max, atEnd, idleMs } = reading;
  const records: ReadRecord[] = [];
  let why: ReadingEnd | undefined;
  const beganUs = context.nowUs();
  let lastUs = beganUs;
  const end = (reason: ReadingEnd): void => {
    if (why !== undefined) return;
    why = reason;
    const positions = new Map(consumer.assignment.partitions.map(({ name, position }) => [name, position]));
    consumer.close(() => done({ records: records.slice(0, max), why: reason, positions }));
  };
  const watch = (): void => {
    const idleUs = idleMs * 1000;
    const endUs = Math.min(lastUs + idleUs, beganUs + Math.max(idleUs, MOST_US));
    const leftUs = endUs - context.nowUs();
    if (leftUs <= 0) end('timed-out');
    else if (why === undefined) context.after(leftUs, watch, undefined);
  };
  const consumer = new Consumer(context, environment, configOf(call, reading), {
    topics: reading.topics,
    sink: (partition, batch, from, to) => {
      for (const { offset, key, value, timestampMs, headers } of recordsBetween(
        batch,
        { from, to },
        environment.compression,
      ))
        records.push({
          topic: partition.info.topic.name,
          partition: partition.info.index,
          offset,
          leaderEpoch: batch.leaderEpoch,
          timestampType: batch.isLogAppendTime ? 'LogAppendTime' : 'CreateTime',
          timestampMs,
          key,
          value,
          headers,
        });
    },
    process: (_count, polled) => {
      lastUs = context.nowUs();
      if (records.length >= max) end('enough');
      polled();
    },
    failed: () => end('failed'),
    idle: () => {
      const read = records.length > 0;
      if (consumer.atEnd && (atEnd === 'end' || (atEnd === 'end-if-read' && read))) end('end-of-log');
    },
    ...(reading.startAt === undefined ? {} : { startAt: reading.startAt }),
    ...(reading.partitions === undefined ? {} : { partitions: reading.partitions }),
  });
  context.after(idleMs * 1000, watch, undefined);
}

function configOf({ cluster, words }: ToolCall, { settings, max }: Reading) {
  const { release } = cluster.clients.environment;
  // A poll returns no more than is wanted, so that what is committed is what was shown.
  const polled = { 'max.poll.records': String(Math.max(1, Math.min(max, 500))), 'allow.auto.create.topics': 'false' };
  try {
    return consumerConfig({ ...polled, ...settings }, { version: release, timers: 'real' });
  } catch (thrown) {
    throw new UsageError(
      `${words.join(' ')}: ${thrown instanceof Error ? thrown.message : 'no settings of a consumer'}`,
    );
  }
}
