import { describe, expect, test } from 'vitest';
import { start } from './play.ts';

const HEAD = (topic: string, producer: string) => `version: 1
name: squeezed
modes: [kraft]
cluster: { brokers: 3, quorum: 1, timers: fast }
topics: { orders: { partitions: 1, config: { ${topic} } } }
clients:
  web: { produce: orders, rate: 200/s, valueSize: 100, config: { ${producer}, linger.ms: 50 } }
  billing: { consume: orders, group: billing, config: { auto.offset.reset: earliest } }
`;

const BODY = `steps:
  - at: 2s
    kill: leader(orders-0)
finally:
  - ledger.lost == 0
  - ledger.duplicated == 0
  - billing.lag == 0 within 30s
`;

function run(topic: string, producer: string) {
  const played = start(BODY, { head: HEAD(topic, producer) });
  const rewritten: number[] = [];
  const { trace } = played.cluster;
  trace.subscribe('all', ({ kind, values }) => {
    if (kind.name === 'batch-rewritten') rewritten.push(values[2] as number);
  });
  played.finish();
  return { result: played.result, counts: played.checker.ledger(), rewritten, hash: trace.hash() };
}

describe('simulated clients and compression', () => {
  test.each(['gzip', 'snappy', 'lz4', 'zstd'])('a producer with %s loses nothing, and the run repeats', (type) => {
    const first = run('min.insync.replicas: 2', `compression.type: ${type}`);
    expect(first.result).toBe('passed');
    expect(first.counts).toMatchObject({ lost: 0, duplicated: 0 });
    expect(first.counts.acked).toBeGreaterThan(300);
    expect(first.rewritten).toEqual([]);
    expect(run('min.insync.replicas: 2', `compression.type: ${type}`).hash).toBe(first.hash);
    expect(run('min.insync.replicas: 2', 'compression.type: none').hash).not.toBe(first.hash);
  });

  test.each([
    ['compression.type: zstd', 'compression.type: lz4'],
    ['compression.type: uncompressed', 'compression.type: gzip'],
    ['message.timestamp.type: LogAppendTime', 'compression.type: none'],
  ])('the ledger knows a batch again that %s changed (%s)', (topic, producer) => {
    const { result, counts, rewritten } = run(`min.insync.replicas: 2, ${topic}`, producer);
    expect(rewritten.length).toBeGreaterThan(10);
    expect(counts).toMatchObject({ lost: 0, duplicated: 0 });
    expect(result).toBe('passed');
  });
});
