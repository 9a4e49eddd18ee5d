/** The verdict over every record of a partition, from what was sent and what readers find. */
import type { ReplicaLog } from '../batches.ts';
import type { TransactionFates } from '../transactions.ts';
import type { Deliveries } from './deliveries.ts';
import type { Placed } from './placement.ts';
import type { SentBatch } from './sent-batch.ts';

/** A record, by its batch and its place in it. */
export interface RecordRef {
  readonly batch: SentBatch;
  readonly index: number;
}

export interface UnseenRecord {
  readonly group: string;
  readonly partition: string;
  readonly offset: number;
  readonly record: RecordRef | undefined;
}

export interface PartitionVerdict {
  readonly duplicated: readonly RecordRef[];
  readonly reordered: readonly RecordRef[];
}

/** Which records are there twice, and which in another order than their sender's. */
export function judgeOrder(batches: readonly Placed[]): PartitionVerdict {
  const seen = new Map<string, Set<number>>();
  const highest = new Map<string, number>();
  const duplicated: RecordRef[] = [];
  const reordered: RecordRef[] = [];
  for (const { sent } of batches) {
    if (sent === undefined) continue;
    let serials = seen.get(sent.client);
    if (serials === undefined) {
      serials = new Set();
      seen.set(sent.client, serials);
    }
    for (const [index, serial] of sent.serials.entries()) {
      if (serials.has(serial)) duplicated.push({ batch: sent, index });
      else if (serial < (highest.get(sent.client) ?? 0)) reordered.push({ batch: sent, index });
      serials.add(serial);
      highest.set(sent.client, Math.max(highest.get(sent.client) ?? 0, serial));
    }
  }
  return { duplicated, reordered };
}

/** Records of aborted transactions that a group was handed although it reads what is committed only. */
export function judgeAborted(
  log: ReplicaLog,
  batches: readonly Placed[],
  deliveries: Deliveries,
  fates: TransactionFates,
): readonly RecordRef[] {
  const read: RecordRef[] = [];
  for (const partitions of deliveries.byGroup.values()) {
    const delivered = partitions.get(log.partition);
    if (delivered?.readCommitted !== true) continue;
    for (const { stored, sent } of batches) {
      if (sent === undefined || fates.of(log.partition, stored) !== 'abort') continue;
      for (const index of sent.serials.keys())
        if (delivered.has(stored.baseOffset + index)) read.push({ batch: sent, index });
    }
  }
  return read;
}

/** Readable records at or after a group's first position that it was never handed: of open and aborted transactions it may not be. */
export function judgeUnseen(
  log: ReplicaLog,
  batches: readonly Placed[],
  deliveries: Deliveries,
  fates: TransactionFates,
): readonly UnseenRecord[] {
  const unseen: UnseenRecord[] = [];
  for (const [group, partitions] of deliveries.byGroup) {
    const delivered = partitions.get(log.partition);
    if (delivered?.start === undefined) continue;
    for (const { stored, sent } of batches) {
      if (stored.lastOffset < delivered.start) continue;
      const fate = fates.of(log.partition, stored);
      if (fate === 'marker' || (delivered.readCommitted && (fate === 'open' || fate === 'abort'))) continue;
      for (
        let offset = Math.max(stored.baseOffset, delivered.start, log.startOffset);
        offset <= stored.lastOffset;
        offset++
      ) {
        if (delivered.has(offset)) continue;
        const record = sent && { batch: sent, index: offset - stored.baseOffset };
        unseen.push({ group, partition: log.partition, offset, record });
      }
    }
  }
  return unseen;
}
