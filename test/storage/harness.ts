import { createHash } from 'node:crypto';
import type { Context, Disk, NodeControl, TraceEvent, World } from '../../src/kernel/api.ts';
import { createWorld } from '../../src/kernel/world.ts';
import { encodeBatch, type NewBatch } from '../../src/protocol/record-batch.ts';
import { utf8Encode } from '../../src/protocol/utf8.ts';
import type { AppendOrigin, AppendResult, LogConfig, PartitionLog } from '../../src/storage/api.ts';
import { type BrokerLogs, type LogManagerOptions, openLogManager } from '../../src/storage/log-manager.ts';

/** The wall clock when virtual time begins. */
export const WALL_MS = 1_704_067_200_000;
export const TOPIC_ID = 'AAAAAAAAAAAAAAAAAAAABA';

export const CONFIG: LogConfig = {
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

/** A world with one machine, and a broker on it that is nothing but its logs. */
export class Machine {
  readonly world: World;
  readonly node: NodeControl;
  readonly #options: Partial<LogManagerOptions>;
  #logs: BrokerLogs | null = null;
  #context: Context | null = null;
  readonly #events: TraceEvent[] = [];

  constructor(options: Partial<LogManagerOptions> & { disks?: number; seed?: number } = {}) {
    const hash = () => {
      const sha = createHash('sha256');
      return { update: (bytes: Uint8Array) => void sha.update(bytes), hex: () => sha.digest('hex') };
    };
    this.world = createWorld({ seed: options.seed ?? 1, digest: hash, wallEpochMs: WALL_MS });
    this.node = this.world.addNode({ name: 'broker-1', disks: options.disks ?? 1 });
    this.#options = options;
    this.world.trace.subscribe('all', (event) => this.#events.push(event));
    this.start();
  }

  get logs(): BrokerLogs {
    return this.#logs!;
  }

  get context(): Context {
    return this.#context!;
  }

  get disk(): Disk {
    return this.node.disks[0]!.disk;
  }

  start(): void {
    this.#logs = null;
    this.node.start((context) => {
      this.#context = context;
      this.#logs = openLogManager({
        context,
        mode: 'kraft',
        clusterId: 'a-cluster',
        nodeId: 1,
        defaultConfig: CONFIG,
        ...this.#options,
      });
      return {};
    });
    this.run(0);
  }

  /** Lets virtual time pass, so that what was synced reaches the platter. */
  run(ms: number): void {
    this.world.runUntil(this.world.nowUs + ms * 1000);
  }

  restart(how: 'kill' | 'power-loss' | 'clean', brokerEpoch = 42): void {
    if (how === 'power-loss') this.node.powerOff();
    else {
      if (how === 'clean') {
        this.logs.shutdown(brokerEpoch, () => {}, null);
        this.run(1000);
      }
      this.node.kill();
    }
    this.start();
  }

  log(config: Partial<LogConfig> = {}, topic = 'orders', partition = 0): PartitionLog {
    return this.logs.getOrCreate(topic, partition, TOPIC_ID, { ...CONFIG, ...config });
  }

  /** `kind field=value …` of the storage events so far, and forgets them. */
  transcript(...kinds: string[]): string[] {
    const lines = this.#events
      .filter(({ kind }) => kinds.includes(kind.name))
      .map(({ kind, values }) => {
        const fields = kind.fields.slice(1).map((field, i) => `${field}=${String(values[i + 1])}`);
        return [kind.name, ...fields].join(' ');
      });
    this.#events.length = 0;
    return lines;
  }

  file(path: string, disk = this.disk): Uint8Array {
    const file = disk.open(path);
    return file.read(0, file.size);
  }
}

/** A producer's batch with these values. */
export function batch(
  values: readonly string[],
  rest: Omit<NewBatch, 'records'> & { timestampMs?: number } = {},
): Uint8Array {
  const { timestampMs = WALL_MS, ...fields } = rest;
  return encodeBatch({
    records: values.map((value) => ({ key: null, value: utf8Encode(value), timestampMs })),
    ...fields,
  });
}

export function append(
  log: PartitionLog,
  values: readonly string[],
  {
    epoch = 0,
    origin = 'client',
    ...rest
  }: Parameters<typeof batch>[1] & { epoch?: number; origin?: AppendOrigin } = {},
): AppendResult {
  return log.appendAsLeader(batch(values, rest), epoch, origin);
}

export function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
