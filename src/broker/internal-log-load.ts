import { DiskError } from '../kernel/api.ts';
import { batches, decodeRecords } from '../protocol/record-batch.ts';
import type { InternalRecord } from './api.ts';
import type { Partition } from './partition.ts';

/** Bytes of one slice, and what reading it costs a handler thread. */
const SLICE_BYTES = 1 << 20;
const SLICE_US = 500;

interface Load {
  readonly partition: Partition;
  readonly leaderEpoch: number;
  readonly end: number;
  readonly onRecord: (offset: number, record: InternalRecord) => void;
  readonly done: (complete: boolean) => void;
  next: number;
}

/**
 * Reads a partition of an internal topic from its start to what is its end now, slice by slice, so that requests get their turn
 * in between (Kafka's `CoordinatorLoader`). Control batches are passed over.
 */
export function loadPartition(partition: Partition, onRecord: Load['onRecord'], done: Load['done']): void {
  const { leaderEpoch, log } = partition;
  loadSlice({ partition, leaderEpoch, end: log.logEndOffset, onRecord, done, next: log.logStartOffset });
}

function loadSlice(load: Load): void {
  load.partition.host.context.cpu.run(SLICE_US, readSlice, load);
}

function readSlice(load: Load): void {
  const { partition, end } = load;
  if (!partition.hosted || !partition.leads || partition.leaderEpoch !== load.leaderEpoch) {
    load.done(false);
    return;
  }
  if (load.next < end) {
    let records: Uint8Array | undefined;
    try {
      records = partition.log.read(load.next, SLICE_BYTES, end, true)?.records;
    } catch (thrown) {
      if (!(thrown instanceof DiskError)) throw thrown;
    }
    if (records === undefined || records.length === 0) {
      load.done(false);
      return;
    }
    deliver(load, records);
  }
  if (load.next < end) loadSlice(load);
  else load.done(true);
}

function deliver(load: Load, bytes: Uint8Array): void {
  for (const batch of batches(bytes)) {
    const decoded = batch.isControl ? undefined : decodeRecords(batch);
    if (decoded?.kind === 'records') {
      for (const { offset, key, value, timestampMs } of decoded.records) {
        if (key !== null && offset >= load.next) load.onRecord(offset, { key, value, timestampMs });
      }
    }
    load.next = batch.nextOffset;
  }
}
