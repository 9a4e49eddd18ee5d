import { DiskError } from '../kernel/api.ts';
import type { LogConfig } from './api.ts';
import {
  decodeOffsets,
  encodeOffsets,
  HIGH_WATERMARK_CHECKPOINT,
  LOG_START_CHECKPOINT,
  type OffsetEntry,
  RECOVERY_POINT_CHECKPOINT,
  readWhole,
} from './checkpoints.ts';
import { CLEAN_SHUTDOWN_FILE, type CleanShutdown, encodeCleanShutdown, takeCleanShutdown } from './clean-shutdown.ts';
import type { LogEnvironment } from './environment.ts';
import { deleteLogFiles, loadLog } from './load-log.ts';
import type { Log } from './log.ts';
import { METADATA_TOPIC } from './metadata-log.ts';

const NO_OFFSETS: ReadonlyMap<string, number> = new Map();

/** One entry of `log.dirs`: a disk with its logs, checkpoints and mark of an orderly end. */
export class LogDirectory {
  readonly environment: LogEnvironment;
  readonly shutdownBefore: CleanShutdown;
  readonly logs: Log[] = [];
  /** Bytes that the start had to check. */
  verifiedBytes = 0;
  /** An error was met: nothing is written here any more (KIP-112). */
  #offline = false;

  constructor(environment: LogEnvironment, config: LogConfig) {
    this.environment = environment;
    this.shutdownBefore = takeCleanShutdown(environment.host.disk);
    this.#loadLogs(config);
  }

  #loadLogs(config: LogConfig): void {
    const { disk } = this.environment.host;
    const recoveryPoints = this.#offsets(RECOVERY_POINT_CHECKPOINT);
    const logStarts = this.#offsets(LOG_START_CHECKPOINT);
    const highWatermarks = this.#offsets(HIGH_WATERMARK_CHECKPOINT);
    for (const [name, paths] of filesByDirectory(disk.list(''))) {
      if (name.endsWith('-delete')) deleteLogFiles(this.environment, name);
      const [, topic, partition] = /^(.+)-(\d+)$/.exec(name) ?? [];
      if (topic === undefined || topic === METADATA_TOPIC) continue;
      const { log, verifiedBytes } = loadLog(this.environment, {
        topic,
        partition: Number(partition),
        config,
        paths,
        clean: this.shutdownBefore.clean,
        recoveryPoint: recoveryPoints.get(name) ?? 0,
        logStartOffset: logStarts.get(name) ?? 0,
        highWatermark: highWatermarks.get(name) ?? 0,
      });
      this.logs.push(log);
      this.verifiedBytes += verifiedBytes;
    }
  }

  /** An unreadable checkpoint counts as one without entries: everything is checked, every high watermark learnt anew. */
  #offsets(file: string): ReadonlyMap<string, number> {
    const bytes = readWhole(this.environment.host.disk, file);
    return (bytes && decodeOffsets(bytes)) ?? NO_OFFSETS;
  }

  remove(log: Log): void {
    this.logs.splice(this.logs.indexOf(log), 1);
    deleteLogFiles(this.environment, log.name);
    this.environment.changed.highWatermarks = true;
    this.environment.changed.recoveryPoints = true;
  }

  checkpointHighWatermarks(): void {
    this.#guard(() => this.#writeHighWatermarks());
  }

  checkpointRecoveryPoints(): void {
    this.#guard(() => this.#writeRecoveryPoints());
  }

  #writeHighWatermarks(): void {
    const { changed } = this.environment;
    if (!changed.highWatermarks) return;
    changed.highWatermarks = false;
    this.#checkpoint(HIGH_WATERMARK_CHECKPOINT, this.logs, (log) => log.highWatermark);
  }

  #writeRecoveryPoints(): void {
    const { changed } = this.environment;
    if (!changed.recoveryPoints) return;
    changed.recoveryPoints = false;
    this.#checkpoint(RECOVERY_POINT_CHECKPOINT, this.logs, (log) => log.recoveryPoint);
    const started = this.logs.filter((log) => log.logStartOffset > log.firstSegmentOffset);
    this.#checkpoint(LOG_START_CHECKPOINT, started, (log) => log.logStartOffset);
  }

  #checkpoint(file: string, logs: readonly Log[], offsetOf: (log: Log) => number): void {
    const entries: OffsetEntry[] = logs.map((log) => {
      return { topic: log.topic, partition: log.partition, offset: offsetOf(log) };
    });
    this.environment.files.replace(file, encodeOffsets(entries));
  }

  /** Flushes, checkpoints, and leaves the mark if nothing went wrong; then calls back. */
  shutdown(brokerEpoch: number, done: () => void): void {
    let left = 1;
    const onFlushed = (_: null, failed: boolean): void => {
      this.#offline ||= failed;
      if (--left === 0) this.#leaveMark(brokerEpoch, done);
    };
    for (const log of this.logs) {
      this.#guard(() => log.writeClosingState());
      if (this.#offline || log.recoveryPoint === log.logEndOffset) continue;
      left++;
      log.flush(onFlushed, null);
    }
    onFlushed(null, false);
  }

  #leaveMark(brokerEpoch: number, done: () => void): void {
    const { files } = this.environment;
    this.checkpointHighWatermarks();
    this.checkpointRecoveryPoints();
    files.settle(() => {
      this.#guard(() => files.replace(CLEAN_SHUTDOWN_FILE, encodeCleanShutdown(brokerEpoch)));
      files.settle(done);
    });
  }

  /** A sync of this directory failed. */
  onFailure(): void {
    this.#offline = true;
  }

  /** The border of the log directory: an error takes it offline, and is no error of what called. */
  #guard(work: () => void): void {
    if (this.#offline) return;
    try {
      work();
    } catch (thrown) {
      if (!(thrown instanceof DiskError)) throw thrown;
      this.#offline = true;
      this.environment.host.diskFailed?.(thrown);
    }
  }
}

/** Paths of files by the name of the directory that they are in, in the order of the paths. */
function filesByDirectory(paths: readonly string[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const path of paths) {
    const slash = path.indexOf('/');
    if (slash <= 0) continue;
    const name = path.slice(0, slash);
    const files = found.get(name);
    if (files === undefined) found.set(name, [path]);
    else files.push(path);
  }
  return found;
}
