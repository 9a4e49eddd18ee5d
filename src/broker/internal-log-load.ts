import { DiskError } from '../kernel/api.ts';
import { type BatchView, batches, decodeRecords } from '../protocol/record-batch.ts';
import { readMarker } from '../storage/marker.ts';
import type { LoadListener } from './api.ts';
import type { Partition } from './partition.ts';

/** Bytes of one slice, and what reading it costs a handler thread. */
const SLICE_BYTES = 1 << 20;
const SLICE_US = 500;

interface Load {
  readonly partition: Partition;
  readonly leaderEpoch: number;
  readonly end: number;
  readonly listener: LoadListener;
  next: number;
}

/**
 * Reads a partition of an internal topic from its start to what is its end now, slice by slice, so that requests get their turn
 * in between (Kafka's `CoordinatorLoader`).
 */
export function loadPartition(partition: Partition, listener: LoadListener): void {
  const { leaderEpoch, log } = partition;
  loadSlice({ partition, leaderEpoch, end: log.logEndOffset, listener, next: log.logStartOffset });
}

function loadSlice(load: Load): void {
  load.partition.host.context.cpu.run(SLICE_US, readSlice, load);
}

function readSlice(load: Load): void {
  const { partition, end } = load;
  if (!partition.hosted || !partition.leads || partition.leaderEpoch !== load.leaderEpoch) {
    load.listener.done(false);
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
      load.listener.done(false);
      return;
    }
    deliver(load, records);
  }
  if (load.next < end) loadSlice(load);
  else load.listener.done(true);
}

function deliver(load: Load, bytes: Uint8Array): void {
  for (const batch of batches(bytes)) {
    if (batch.isControl) deliverMarker(load, batch);
    else deliverRecords(load, batch);
    load.next = batch.nextOffset;
  }
}

function deliverRecords({ listener, next }: Load, batch: BatchView): void {
  const decoded = decodeRecords(batch);
  if (decoded.kind !== 'records') return;
  const producerId = batch.isTransactional ? batch.producerId : -1;
  for (const { offset, key, value, timestampMs } of decoded.records) {
    if (key !== null && offset >= next) listener.onRecord(offset, { key, value, timestampMs }, producerId);
  }
}

function deliverMarker({ listener }: Load, { bytes, position, producerId }: BatchView): void {
  const marker = readMarker(bytes, position);
  if (marker !== undefined) listener.onMarker(producerId, !marker.aborted);
}
