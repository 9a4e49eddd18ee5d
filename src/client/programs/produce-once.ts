import { producerConfig } from '../../config/resources.ts';
import type { Context } from '../../kernel/api.ts';
import type { ClientEnvironment } from '../environment.ts';
import type { SendCallback } from '../producer/batch.ts';
import { Producer } from '../producer/producer.ts';
import type { GivenRecord } from './producer-client.ts';

export interface ProduceOnce extends GivenRecord {
  readonly acks: 'all' | '1' | '0';
  /** Number of this record among all that the node ever sent, from 1. */
  readonly serial: number;
  readonly timers?: 'real' | 'fast';
}

const encoder = new TextEncoder();

/** Sends one record with a producer made for it, from any process, and calls back with what became of it. */
export function produceOnce(
  context: Context,
  environment: ClientEnvironment,
  { topic, partition, key, value, acks, serial, timers = 'real' }: ProduceOnce,
  done: SendCallback,
): void {
  const config = producerConfig({ acks, 'linger.ms': 0 }, { version: environment.release, timers });
  const producer = new Producer(context, environment, config);
  producer.send({
    topic,
    partition,
    key: key === null ? null : encoder.encode(key),
    keyText: key,
    value: value === null ? null : encoder.encode(value),
    timestampMs: context.wallMs(),
    serial,
    done: (outcome) => {
      producer.close();
      done(outcome);
    },
  });
}
