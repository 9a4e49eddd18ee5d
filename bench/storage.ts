import { createHash } from 'node:crypto';
import type { Context } from '../src/kernel/api.ts';
import { createWorld } from '../src/kernel/world.ts';
import { crc32c } from '../src/protocol/crc32c.ts';
import { encodeBatch } from '../src/protocol/record-batch.ts';
import type { LogConfig, PartitionLog } from '../src/storage/api.ts';
import { openLogManager } from '../src/storage/log-manager.ts';
import type { Figure } from './figure.ts';

const CONFIG: LogConfig = {
  segmentBytes: 1 << 30,
  segmentMs: 7 * 86_400_000,
  maxMessageBytes: 1_048_588,
  indexIntervalBytes: 4096,
  timestampType: 'CreateTime',
  timestampBeforeMaxMs: Number.MAX_SAFE_INTEGER,
  timestampAfterMaxMs: 3_600_000,
  compact: false,
  deletes: true,
  retentionMs: -1,
  retentionBytes: -1,
  fileDeleteDelayMs: 60_000,
  memoryBytes: null,
  compression: null,
  flushMessages: Number.MAX_SAFE_INTEGER,
  producerIdExpirationMs: 86_400_000,
  producerIdCheckIntervalMs: 600_000,
  verifyTransactions: false,
};
const WALL_MS = 1_704_067_200_000;
const ROUNDS = 7;

/** Logs of a broker whose trace goes nowhere: what the log costs, without what the trace costs. */
function openLogs(count: number): PartitionLog[] {
  const hash = createHash('sha256');
  const digest = () => ({ update: (bytes: Uint8Array) => void hash.update(bytes), hex: () => '' });
  const node = createWorld({ seed: 1, digest }).addNode({ name: 'broker-1' });
  const found: PartitionLog[] = [];
  node.start((real) => {
    const context: Context = Object.create(real, { emit: { value: () => 0 } });
    const logs = openLogManager({ context, mode: 'kraft', clusterId: 'bench', nodeId: 1, defaultConfig: CONFIG });
    for (let i = 0; i < count; i++) found.push(logs.getOrCreate('bench', i, 'AAAAAAAAAAAAAAAAAAAABA', CONFIG));
    return {};
  });
  return found;
}

function batchOf(bytes: number): Uint8Array {
  return encodeBatch({ records: [{ key: null, value: new Uint8Array(bytes), timestampMs: WALL_MS }] });
}

/** Where bytes come in: read into here, as from a socket, and handed on. Used again after a thousand batches; nobody reads that far back. */
const inbox = new Uint8Array(16_384 * 1_100);
const WINDOW = 1_000;

/** What the work cannot be cheaper than: a copy of the bytes, and their checksum. */
function floorNs(batch: Uint8Array, count: number): number {
  let sum = 0;
  const from = performance.now();
  for (let i = 0; i < count; i++) {
    const at = (i % WINDOW) * batch.length;
    inbox.set(batch, at);
    sum ^= crc32c(inbox, at + 21, at + batch.length);
  }
  const took = performance.now() - from;
  return sum === 1.5 ? 0 : (took * 1e6) / count;
}

/** A leader appends, and somebody reads what is new, as happens with every batch. */
function appendAndReadNs(batch: Uint8Array, count: number): number {
  const [log] = openLogs(1);
  const from = performance.now();
  for (let i = 0; i < count; i++) {
    const at = (i % WINDOW) * batch.length;
    inbox.set(batch, at);
    log!.appendAsLeader(inbox.subarray(at, at + batch.length), 0, 'client');
    log!.read(i, 1 << 20, i + 1, true);
  }
  return ((performance.now() - from) * 1e6) / count;
}

function followNs(batch: Uint8Array, count: number): number {
  const [leader, follower] = openLogs(2);
  let took = 0;
  for (let i = 0; i < count; i += 4) {
    for (let j = 0; j < 4; j++) leader!.appendAsLeader(batch.slice(), 0, 'client');
    const from = performance.now();
    for (let j = 0; j < 4; j++) follower!.appendAsFollower(leader!.read(i + j, 1 << 20, i + j + 1, true)!.records);
    took += performance.now() - from;
  }
  return (took * 1e6) / count;
}

/** The best of several rounds: what disturbs a measurement only ever makes it slower. */
function best(measure: () => number): number {
  return Math.min(...Array.from({ length: ROUNDS }, measure));
}

/** A batch of the size that a busy producer sends. */
function throughput(): Figure {
  const batch = batchOf(16_384);
  const floor = best(() => floorNs(batch, 10_000));
  const log = best(() => appendAndReadNs(batch, 10_000));
  return {
    name: 'append, read ÷ copy, CRC-32C: 16 KB',
    value: floor / log,
    unit: 'ratio',
    floor: 0.6,
    goal: 0.85,
    note: `${log.toFixed(0)} ns a batch, against ${floor.toFixed(0)}`,
  };
}

/** What a batch costs that has nothing to do with its size. */
function overheadNs(): number {
  const batch = batchOf(1_024);
  const floor = best(() => floorNs(batch, 50_000));
  return best(() => appendAndReadNs(batch, 50_000)) - floor;
}

function nanoseconds(of: string, value: number, floor: number, goal: number): Figure {
  return { name: of, value, unit: 'ns', floor, goal, less: true };
}

export const name = 'storage';

export function run(): readonly Figure[] {
  const small = batchOf(100);
  const warm = 50_000;
  return [
    nanoseconds(
      'append, read of a 100 B batch',
      best(() => appendAndReadNs(small, warm)),
      2_500,
      1_000,
    ),
    nanoseconds(
      'a follower takes over a 100 B batch',
      best(() => followNs(small, warm)),
      2_500,
      1_000,
    ),
    nanoseconds('append, read of 1 KB beyond copy, CRC-32C', overheadNs(), 1_500, 500),
    throughput(),
  ];
}
