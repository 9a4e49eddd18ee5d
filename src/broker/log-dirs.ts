import { type Context, DiskError } from '../kernel/api.ts';
import type { PartitionLog } from '../storage/api.ts';
import type { BrokerLogs } from '../storage/log-manager.ts';
import { brokerEvents } from './events.ts';
import type { Partition } from './partition.ts';

/** What a failed log directory does to its broker. */
export interface LogDirOwner {
  readonly context: Context;
  readonly logs: BrokerLogs;
  /** Hosted partitions, by name. */
  readonly partitions: ReadonlyMap<string, Partition>;
  /** The partition's directory is gone: it is neither led nor followed here any more. */
  partitionOffline(partition: Partition): void;
}

/**
 * The log directories of one broker, a disk each. An error takes the whole directory offline, not only the partition that
 * met it (Kafka's `LogDirFailureChannel`); a broker that has lost its last one ends.
 */
export class LogDirs {
  private readonly owner: LogDirOwner;
  private readonly failed = new Set<number>();

  constructor(owner: LogDirOwner) {
    this.owner = owner;
  }

  isFailed(disk: number): boolean {
    return this.failed.has(disk);
  }

  /** An operation on a partition's log threw. */
  partitionFailed(log: PartitionLog, error: DiskError): void {
    this.fail(this.diskOf(log.name), error);
  }

  /** An operation threw that has to do with no single partition: every disk is asked whether it still answers. */
  someFailed(error: DiskError): void {
    const { context } = this.owner;
    for (let disk = 0; disk < context.diskCount; disk++) {
      if (!this.failed.has(disk) && !answers(context, disk)) {
        this.fail(disk, error);
        return;
      }
    }
    // It answers when asked, but does not take what must be written (full, read-only).
    for (let disk = 0; disk < context.diskCount; disk++) {
      if (!this.failed.has(disk)) {
        this.fail(disk, error);
        return;
      }
    }
  }

  private diskOf(name: string): number {
    return this.owner.logs.diskOf(name) ?? 0;
  }

  fail(disk: number, error: DiskError): void {
    if (this.failed.has(disk)) return;
    const { owner } = this;
    const lost: Partition[] = [];
    for (const partition of owner.partitions.values()) if (this.diskOf(partition.name) === disk) lost.push(partition);
    this.failed.add(disk);
    owner.context.emit(brokerEvents['log-dir-failed'], [disk, error.fault, lost.map((partition) => partition.name)]);
    for (const partition of lost) owner.partitionOffline(partition);
    if (this.failed.size === owner.context.diskCount) owner.context.exit(1, 'the last log directory failed');
  }
}

function answers(context: Context, disk: number): boolean {
  try {
    context.disk(disk).list('');
    return true;
  } catch (thrown) {
    if (!(thrown instanceof DiskError)) throw thrown;
    return false;
  }
}
