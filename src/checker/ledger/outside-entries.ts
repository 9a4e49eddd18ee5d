/** The records of real clients that are not where they should be, batch by batch. */
import type { LedgerEntry } from '../../cluster/ports.ts';
import type { OutsideBatch, OutsideVerdict } from './outside-records.ts';

export function outsideEntries({ lost, duplicated, reordered }: OutsideVerdict): readonly LedgerEntry[] {
  const acks = (batch: OutsideBatch): string => (batch.acks === -1 ? 'all' : String(batch.acks));
  return [
    ...lost.flatMap((batch) =>
      entries(batch, 'lost', `acknowledged under acks=${acks(batch)}, and no replica that could lead had it`),
    ),
    ...duplicated.flatMap((batch) =>
      entries(batch, 'duplicated', 'sent once, and stored more than once: a retry of a batch that had been stored'),
    ),
    ...reordered.flatMap((batch) =>
      entries(batch, 'reordered', 'stored behind a batch that its producer had sent later'),
    ),
  ];
}

function entries(batch: OutsideBatch, outcome: LedgerEntry['outcome'], why: string): readonly LedgerEntry[] {
  const { client, partition, records, firstSerial, baseOffset, receivedEvent, resultEvent } = batch;
  return Array.from({ length: records }, (_, index) => ({
    client,
    serial: firstSerial + index,
    partition,
    offset: baseOffset < 0 ? null : baseOffset + index,
    outcome,
    why,
    events: [receivedEvent, resultEvent].filter((id) => id !== 0),
  }));
}
