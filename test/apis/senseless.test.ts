/** Requests that are well formed and mean nothing: each is answered, or its connection is closed, and the broker goes on. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Produce } from '../../src/protocol/apis/00-produce.ts';
import { apiByKey } from '../../src/protocol/apis/index.ts';
import { valuesOf } from '../protocol/arbitrary.ts';
import { FrameClient, VARIANTS } from './frame-client.ts';

/** What brokers and controllers ask among themselves: a client that pretends to be one is believed. */
const BETWEEN_BROKERS = [4, 5, 6, 7, 27, 56, 67];
/** Bodies of each version. */
const BODIES = 20;

test.each(VARIANTS)(
  '$kafkaVersion in $mode mode',
  (variant) => {
    const client = new FrameClient(variant);
    client.createTopic('orders', 2);
    const silent: string[] = [];
    let answered = 0;
    for (const key of client.offered().keys()) {
      const api = apiByKey(key)!;
      if (BETWEEN_BROKERS.includes(key)) continue;
      const { min, max } = api.offered[variant.kafkaVersion]!;
      for (let version = min; version <= max; version++) {
        for (const body of fc.sample(valuesOf(api.request, version), { numRuns: BODIES, seed: 7 })) {
          const answer = client.send(api, version, body);
          if (answer !== null) answered++;
          // acks=0 asks for no answer; whoever is silent otherwise has forgotten somebody.
          else if (!client.closed && api !== Produce) silent.push(`${api.name} ${version}`);
        }
      }
    }
    expect(silent).toEqual([]);
    expect(answered).toBeGreaterThan(1000);
    client.createTopic('afterwards');
  },
  60_000,
);
