import { partitionName } from '../protocol/partition-name.ts';
import type { Uuid } from '../protocol/uuid.ts';
import { ZERO_UUID } from '../protocol/uuid.ts';
import type { LogConfig } from './api.ts';
import type { LogEnvironment } from './environment.ts';
import { storageEvents } from './events.ts';
import { LeaderEpochCache } from './leader-epoch-cache.ts';
import { Log } from './log.ts';
import type { LogState } from './log-state.ts';
import { readTopicId } from './partition-metadata.ts';
import { replayProducers } from './producer-replay.ts';
import { readSegment } from './recovery.ts';
import { Segment } from './segment.ts';
import { SegmentList } from './segment-list.ts';
import { keepSnapshots, snapshotsAmong } from './snapshot-files.ts';

/** Whose log it is, and what the checkpoints of its directory say of it. */
export interface LoadRequest {
  readonly topic: string;
  readonly partition: number;
  readonly config: LogConfig;
  /** Paths of the files in its directory, in order. */
  readonly paths: readonly string[];
  /** After an orderly end nothing is checked. */
  readonly clean: boolean;
  readonly recoveryPoint: number;
  readonly logStartOffset: number;
  readonly highWatermark: number;
}

/** A log and what its start cost. */
export interface LoadedLog {
  readonly log: Log;
  /** How many bytes were read and checked. */
  readonly verifiedBytes: number;
}

/** A log that did not exist. */
export function createLog(
  environment: LogEnvironment,
  { topic, partition, topicId, config }: Pick<LoadRequest, 'topic' | 'partition' | 'config'> & { topicId: Uuid },
): Log {
  const name = partitionName(topic, partition);
  const segments = new SegmentList(environment, name, null);
  const epochs = new LeaderEpochCache(name, environment.files);
  // A power loss may have taken the batches and left their epochs.
  epochs.clear();
  const log = new Log(environment, name, config, {
    topic,
    partition,
    topicId,
    topicIdWritten: false,
    segments,
    epochs,
    producers: null,
    logStartOffset: 0,
    logEndOffset: 0,
    highWatermark: 0,
    recoveryPoint: 0,
  });
  environment.host.emit(storageEvents['log-created'], [name, topicId]);
  return log;
}

/** A log that is on disk, as it is after an orderly end, a kill or a power loss (§8 of the storage page; Kafka's LogLoader). */
export function loadLog(environment: LogEnvironment, request: LoadRequest): LoadedLog {
  const { disk } = environment.host;
  const { topic, partition, config, clean } = request;
  const name = partitionName(topic, partition);
  const epochs = new LeaderEpochCache(name, environment.files);
  const found = readSegments(environment, name, epochs, request);
  const { segments } = found;
  const logStartOffset = Math.max(request.logStartOffset, segments.firstOffset);
  if (segments.active.nextOffset < logStartOffset) {
    segments.restartAt(logStartOffset);
    epochs.clear();
  }
  const logEndOffset = segments.active.nextOffset;
  epochs.truncateFromEnd(logEndOffset);
  epochs.truncateFromStart(logStartOffset);
  const topicId = readTopicId(disk, name);
  const highWatermark = Math.min(Math.max(request.highWatermark, logStartOffset), logEndOffset);
  const durable = clean ? logEndOffset : Math.min(request.recoveryPoint, logEndOffset);
  const state: LogState = {
    topic,
    partition,
    topicId,
    topicIdWritten: topicId !== ZERO_UUID,
    segments,
    epochs,
    producers: loadProducers(environment, name, segments, {
      ...request,
      logStartOffset,
      indexFrom: found.verifiedFrom,
    }),
    logStartOffset,
    logEndOffset,
    highWatermark,
    recoveryPoint: Math.max(logStartOffset, durable),
  };
  const log = new Log(environment, name, config, state);
  const from = Math.min(found.verifiedFrom, logEndOffset);
  const values = [name, from, logEndOffset, found.truncatedBytes, logStartOffset, highWatermark, segments.count];
  environment.host.emit(storageEvents['log-recovered'], values);
  return { log, verifiedBytes: found.verifiedBytes };
}

interface FoundSegments {
  readonly segments: SegmentList;
  /** Base offset of the first segment that was checked; infinite if none was. */
  readonly verifiedFrom: number;
  readonly verifiedBytes: number;
  readonly truncatedBytes: number;
}

function readSegments(
  environment: LogEnvironment,
  name: string,
  epochs: LeaderEpochCache,
  { config, paths, clean, recoveryPoint, logStartOffset }: LoadRequest,
): FoundSegments {
  const { host } = environment;
  const { indexIntervalBytes } = config;
  const bases = segmentOffsets(environment, paths);
  const segments: Segment[] = [];
  let verifiedFrom = Number.POSITIVE_INFINITY;
  let verifiedBytes = 0;
  let truncatedBytes = 0;
  bases.forEach((base, i) => {
    const segment = new Segment(host.disk, name, base, host.wallMs());
    const bytes = segment.file.size;
    if (truncatedBytes > 0) {
      truncatedBytes += bytes;
      segment.remove();
      return;
    }
    segments.push(segment);
    const next = bases[i + 1];
    const verify = (!clean && (next === undefined || next > recoveryPoint)) || !segment.aborted.load(base);
    if (verify) {
      verifiedFrom = Math.min(verifiedFrom, base);
      verifiedBytes += bytes;
      segment.aborted.remove();
    }
    truncatedBytes = readSegment(segment, epochs, { indexIntervalBytes, verify, logStartOffset });
  });
  const list = new SegmentList(environment, name, segments.length === 0 ? null : segments);
  if (segments.length === 0) list.restartAt(logStartOffset);
  return { segments: list, verifiedFrom, verifiedBytes, truncatedBytes };
}

/** Base offsets of the segments, rising. What a cleaner or a deletion left unfinished goes. */
function segmentOffsets(environment: LogEnvironment, paths: readonly string[]): number[] {
  const { disk } = environment.host;
  const offsets: number[] = [];
  for (const path of paths) {
    if (/\.(?:deleted|cleaned|swap)$/.test(path)) disk.remove(path);
    const digits = /\/(\d{20})\.log$/.exec(path)?.[1];
    if (digits !== undefined) offsets.push(Number(digits));
  }
  return offsets;
}

function loadProducers(
  environment: LogEnvironment,
  name: string,
  segments: SegmentList,
  { config, paths, logStartOffset, indexFrom }: LoadRequest & { readonly indexFrom: number },
): LogState['producers'] {
  const { host } = environment;
  const logEndOffset = segments.active.nextOffset;
  const bases = new Set(segments.all().map((segment) => segment.baseOffset));
  const snapshots = keepSnapshots(
    host.disk,
    name,
    snapshotsAmong(paths),
    (at) => at <= logEndOffset && at > logStartOffset && (at >= segments.active.baseOffset || bases.has(at)),
  );
  return replayProducers(environment, name, segments, {
    logStartOffset,
    logEndOffset,
    expiredBeforeMs: host.wallMs() - config.producerIdExpirationMs,
    indexFrom,
    snapshots,
  });
}

/** Removes every file of a log, also from what a power loss leaves. */
export function deleteLogFiles(environment: LogEnvironment, name: string): void {
  const { disk } = environment.host;
  environment.files.dropBelow(name);
  const paths = disk.list(`${name}/`);
  for (const path of paths) disk.remove(path);
  if (paths.length > 0) disk.open('/').sync(ignore, null);
}

function ignore(): void {}
