import { consumerConfig } from '../../config/resources.ts';
import type { Context } from '../../kernel/api.ts';
import { Consumer } from '../consumer/consumer.ts';
import { recordsBetween } from '../consumer/records.ts';
import type { ClientEnvironment } from '../environment.ts';

export interface ConsumeOnce {
  readonly topic: string;
  /** `earliest` and an offset end at the present end of the log; `latest` waits for what comes. */
  readonly from: 'earliest' | 'latest' | number;
  /** Ends after so many records. */
  readonly max: number;
  /** Ends after this time with what there is. */
  readonly timeoutMs: number;
  readonly readCommitted?: boolean;
  readonly timers?: 'real' | 'fast';
}

export interface ConsumedRecord {
  readonly partition: string;
  readonly offset: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly timestampMs: number;
}

/** Why a reading ended. */
export type ConsumeEnd = 'enough' | 'end-of-log' | 'timed-out' | 'failed';

const decoder = new TextDecoder();

/** Reads a topic with a consumer made for it, without a group, from any process. */
export function consumeOnce(
  context: Context,
  environment: ClientEnvironment,
  { topic, from, max, timeoutMs, readCommitted = false, timers = 'real' }: ConsumeOnce,
  done: (records: readonly ConsumedRecord[], why: ConsumeEnd) => void,
): void {
  const overrides = {
    'auto.offset.reset': from === 'latest' ? 'latest' : 'earliest',
    'isolation.level': readCommitted ? 'read_committed' : 'read_uncommitted',
    'max.poll.records': Math.max(1, Math.min(max, 500)),
    'allow.auto.create.topics': false,
  };
  const records: ConsumedRecord[] = [];
  let ended = false;
  const end = (why: ConsumeEnd): void => {
    if (ended) return;
    ended = true;
    timer.cancel();
    consumer.close(() => done(records.slice(0, max), why));
  };
  const timer = context.after(timeoutMs * 1000, end, 'timed-out' as const);
  const consumer = new Consumer(
    context,
    environment,
    consumerConfig(overrides, { version: environment.release, timers }),
    {
      topics: [topic],
      sink: (partition, batch, from, to) => {
        const found = recordsBetween(batch, { from, to }, environment.compression);
        for (const { offset, key, value, timestampMs } of found) {
          records.push({ partition: partition.name, offset, key: text(key), value: text(value), timestampMs });
        }
      },
      process: (_count, polled) => {
        if (records.length >= max) end('enough');
        polled();
      },
      failed: () => end('failed'),
      idle: () => {
        if (from !== 'latest' && consumer.atEnd) end('end-of-log');
      },
      ...(typeof from === 'number' ? { startAt: from } : {}),
    },
  );
}

function text(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : decoder.decode(bytes);
}
