/**
 * Requests of every API that are cut off, or have bytes changed: whatever a broker makes of them, the cluster goes on and its memory stays
 * bounded. `KZSIM_FRAMES=1000000 npx vitest run test/gateway/mutated-frames.test.ts` is the long run.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Cluster } from '../../src/cluster/cluster.ts';
import { defaultClusterOptions, type Mode } from '../../src/cluster/options.ts';
import { hostPorts } from '../../src/gateway/ports.ts';
import { apis } from '../../src/protocol/apis/index.ts';
import { encodeRequest, RequestMessage } from '../../src/rpc/messages.ts';
import { valuesOf } from '../protocol/arbitrary.ts';
import { topic } from './harness.ts';

const FRAMES = Number(process.env.KZSIM_FRAMES ?? 5000);
const HEADER_BYTES = 8;

/** Whole numbers below a bound, always the same ones (an LCG of Numerical Recipes). */
function numbers(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

function mutated(frame: Uint8Array, below: (bound: number) => number): Uint8Array {
  const kind = below(10);
  if (kind < 3) return frame.slice(0, below(frame.length + 1));
  if (kind > 7) return frame;
  const bytes = frame.slice();
  for (let i = 0; i < 3 && bytes.length > HEADER_BYTES; i++)
    bytes[HEADER_BYTES + below(bytes.length - HEADER_BYTES)] = below(256);
  return bytes;
}

describe.each<Mode>(['kraft', 'zookeeper'])('in %s mode', (mode) => {
  test('no bytes of a client end the world, or fill its memory', { timeout: Math.max(180_000, FRAMES * 60) }, () => {
    const options = { ...defaultClusterOptions(mode, 1), timers: 'fast', outside: true } as const;
    const cluster = new Cluster({ ...options, topics: [topic('orders', 3)] }, hostPorts);
    cluster.boot();
    const below = numbers(20);
    const counts = { answered: 0, ended: 0 };
    const connect = () => {
      const state = { over: false };
      const connection = cluster.outside!.open(`broker-${1 + below(3)}`, '9092', {
        onResponse: () => void counts.answered++,
        onTaken() {},
        onEnd() {
          state.over = true;
          counts.ended++;
        },
      });
      return { state, connection };
    };
    const offered = apis.filter(
      ({ listeners, offered: ranges }) =>
        listeners.includes(mode === 'kraft' ? 'broker' : 'zkBroker') && ranges[mode === 'kraft' ? '4.2' : '3.9'],
    );
    const heapBefore = process.memoryUsage().heapUsed;
    let client = connect();
    for (let i = 0; i < FRAMES; i++) {
      const api = offered[i % offered.length]!;
      const { min, max } = api.offered[mode === 'kraft' ? '4.2' : '3.9']!;
      const version = min + below(max - min + 1);
      const [body] = fc.sample(valuesOf(api.request, version), { numRuns: 1, seed: i });
      const message = new RequestMessage(api, version, 'mutant', body, true, () => {}, undefined, 0);
      if (client.state.over || below(7) === 0) client = connect();
      client.connection.send(mutated(encodeRequest(message), below));
      cluster.world.runUntil(cluster.world.nowUs + 5_000);
    }
    expect(counts.answered).toBeGreaterThan(FRAMES / 100);
    expect(counts.ended).toBeGreaterThan(FRAMES / 20);
    expect(process.memoryUsage().heapUsed - heapBefore).toBeLessThan(600_000_000);
    cluster.world.runUntil(cluster.world.nowUs + 5_000_000);
    expect(cluster.model.serving.size).toBe(3);
  });
});
