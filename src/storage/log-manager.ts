import type { Context, DiskError } from '../kernel/api.ts';
import { assert } from '../kernel/assert.ts';
import { partitionName } from '../protocol/partition-name.ts';
import type { Compression } from '../protocol/ports.ts';
import { type Uuid, ZERO_UUID } from '../protocol/uuid.ts';
import type { LogConfig, LogHost, LogManager, PartitionLog } from './api.ts';
import { storageEvents } from './events.ts';
import { type DiskFailed, FileReplacer } from './file-replacer.ts';
import { createLog } from './load-log.ts';
import type { Log } from './log.ts';
import { LogDirectory } from './log-directory.ts';
import { claimDirectory, type MetaProperties } from './meta-properties.ts';

export interface LogManagerOptions extends Omit<MetaProperties, 'directoryId'> {
  readonly context: Pick<Context, 'disk' | 'diskCount' | 'wallMs' | 'after' | 'emit' | 'chance'>;
  /** For the logs that are found, until `getOrCreate` brings the settings of their topics. */
  readonly defaultConfig: LogConfig;
  readonly compression?: Compression;
  /** A disk failed where no caller could be told by a thrown error: in a sync, a checkpoint, the shutdown. */
  readonly diskFailed?: (diskIndex: number, error: DiskError) => void;
}

/**
 * Claims every disk of the node, and reads in and recovers the logs on them. Throws LogDirectoryError where a disk belongs
 * to another node or cluster, and DiskError where one cannot be read.
 */
export function openLogManager(options: LogManagerOptions): BrokerLogs {
  return new BrokerLogs(options);
}

/** What a broker has on its disks (Kafka's LogManager). */
export class BrokerLogs implements LogManager {
  readonly directoryIds: readonly Uuid[];
  readonly #logs = new Map<string, Log>();
  readonly #directories: readonly LogDirectory[];

  constructor(options: LogManagerOptions) {
    const { context, defaultConfig } = options;
    const chance = context.chance('directory-id');
    const directoryIds: Uuid[] = [];
    const directories: LogDirectory[] = [];
    for (let i = 0; i < context.diskCount; i++) {
      const host = hostOf(options, i, (error) => {
        directories[i]?.onFailure();
        options.diskFailed?.(i, error);
      });
      directoryIds.push(claimDirectory(host.disk, options, chance));
      const files = new FileReplacer(host.disk, (error) => host.diskFailed?.(error));
      const changed = { highWatermarks: false, recoveryPoints: false };
      directories.push(new LogDirectory({ host, files, changed, bounded: new Set() }, defaultConfig));
    }
    this.directoryIds = directoryIds;
    this.#directories = directories;
    for (const directory of directories) for (const log of directory.logs) this.#register(log);
  }

  get logs(): ReadonlyMap<string, PartitionLog> {
    return this.#logs;
  }

  get cleanShutdown(): boolean {
    return this.#directories.every((directory) => directory.shutdownBefore.clean);
  }

  get previousBrokerEpoch(): number {
    const epochs = new Set(this.#directories.map((directory) => directory.shutdownBefore.brokerEpoch));
    const [epoch] = epochs;
    return epochs.size === 1 && epoch !== undefined ? epoch : -1;
  }

  /** Bytes of all logs that the start had to read and check: what an unclean end costs. */
  get verifiedBytes(): number {
    return this.#directories.reduce((sum, directory) => sum + directory.verifiedBytes, 0);
  }

  get(topicPartition: string): PartitionLog | undefined {
    return this.#logs.get(topicPartition);
  }

  /** The disk that a log is on. */
  diskOf(topicPartition: string): number | undefined {
    return this.#logs.get(topicPartition)?.diskIndex;
  }

  getOrCreate(topic: string, partition: number, topicId: Uuid, config: LogConfig): PartitionLog {
    const name = partitionName(topic, partition);
    const found = this.#logs.get(name);
    if (found !== undefined) {
      found.assignTopicId(topicId);
      found.setConfig(config);
      if (topicId === ZERO_UUID || found.topicId === topicId) return found;
      // A topic of the same name was deleted while this broker was away.
      this.remove(name);
    }
    const directory = this.#emptiest();
    const log = createLog(directory.environment, { topic, partition, topicId, config });
    directory.logs.push(log);
    return this.#register(log);
  }

  remove(topicPartition: string): void {
    const log = this.#logs.get(topicPartition);
    if (log === undefined) return;
    const directory = this.#directories[log.diskIndex];
    assert(directory !== undefined, `${topicPartition} is on no disk`);
    this.#logs.delete(topicPartition);
    directory.remove(log);
    directory.environment.host.emit(storageEvents['log-deleted'], [log.name, log.topicId]);
  }

  checkpointHighWatermarks(): void {
    for (const directory of this.#directories) directory.checkpointHighWatermarks();
  }

  checkpointRecoveryPoints(): void {
    for (const directory of this.#directories) directory.checkpointRecoveryPoints();
  }

  shutdown<A>(brokerEpoch: number, done: (arg: A) => void, arg: A): void {
    let left = this.#directories.length;
    const onDone = (): void => {
      if (--left === 0) done(arg);
    };
    for (const directory of this.#directories) directory.shutdown(brokerEpoch, onDone);
  }

  #register(log: Log): Log {
    assert(!this.#logs.has(log.name), `two directories hold ${log.name}`);
    this.#logs.set(log.name, log);
    return log;
  }

  /** The disk with the fewest logs takes the next one; the first of equals. */
  #emptiest(): LogDirectory {
    const [first, ...others] = this.#directories;
    assert(first !== undefined, 'a broker without a disk');
    return others.reduce((least, other) => (other.logs.length < least.logs.length ? other : least), first);
  }
}

function hostOf({ context, compression }: LogManagerOptions, disk: number, diskFailed: DiskFailed): LogHost {
  return {
    disk: context.disk(disk),
    wallMs: () => context.wallMs(),
    emit: (kind, values, cause) => context.emit(kind, values, cause),
    after: (delayUs, handler, arg) => void context.after(delayUs, handler, arg),
    diskFailed,
    ...(compression && { compression }),
  };
}
