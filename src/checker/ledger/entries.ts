/** The records that did not end "delivered once, in order", each with what decided it. */
import type { LedgerEntry } from '../../cluster/ports.ts';
import type { EventId } from '../../kernel/api.ts';
import type { LedgerVerdict } from './ledger.ts';
import type { SentBatch } from './sent-batch.ts';

type Outcome = LedgerEntry['outcome'];

const events = (...ids: readonly EventId[]): readonly EventId[] => ids.filter((id) => id !== 0).sort((a, b) => a - b);

/** A broker that began to lead a partition, and how far its log reached then. */
export interface Election {
  readonly event: EventId;
  readonly node: string;
  readonly leaderEpoch: number;
  readonly endOffset: number;
  readonly unclean: boolean;
}

/** The elections of a partition in their order. */
export type ElectionsOf = (partition: string) => readonly Election[];

function entry(batch: SentBatch, index: number, outcome: Outcome, why: string, election?: Election): LedgerEntry {
  return {
    client: batch.client,
    serial: batch.serials[index]!,
    partition: batch.partition,
    offset: batch.ackedOffset < 0 ? null : batch.ackedOffset + index,
    outcome,
    why,
    events: events(batch.appendEvent, batch.resultEvent, election?.event ?? 0, batch.cutEvent),
  };
}

/** The first leader after its append whose log did not reach it. */
function electionBehind(batch: SentBatch, elections: readonly Election[]): Election | undefined {
  return elections.find(({ event, endOffset }) => event > batch.appendEvent && endOffset <= batch.ackedOffset);
}

function whyLost(batch: SentBatch, election: Election | undefined): string {
  const acknowledged = `acknowledged under acks=${batch.acks === -1 ? 'all' : batch.acks}`;
  if (election === undefined) return `${acknowledged}, and no replica that could lead had it`;
  const { node, leaderEpoch, endOffset, unclean } = election;
  const how = unclean ? `an unclean election made ${node} leader` : `${node} became leader`;
  const cut = batch.cutEvent === 0 ? '' : '; the copy was cut off when its replica followed';
  return `${acknowledged}, but ${how} (epoch ${leaderEpoch}) with a log that ended at offset ${endOffset}${cut}`;
}

function whyFailed(batch: SentBatch, stored: boolean): string {
  if (batch.definite) return `refused with ${batch.error}; certainly not stored`;
  return `given up with ${batch.error}; it is ${stored ? 'stored all the same' : 'not stored'}`;
}

/** In order of client, partition and serial. */
export function entriesOf(
  verdict: LedgerVerdict,
  batches: readonly SentBatch[],
  electionsOf: ElectionsOf,
  limit: number,
): readonly LedgerEntry[] {
  const found: LedgerEntry[] = [];
  for (const batch of verdict.lost) {
    const election = electionBehind(batch, electionsOf(batch.partition));
    const why = whyLost(batch, election);
    for (const index of batch.serials.keys()) found.push(entry(batch, index, 'lost', why, election));
  }
  for (const { batch, index } of verdict.duplicated)
    found.push(
      entry(
        batch,
        index,
        'duplicated',
        'sent once, and stored more than once: a retry of a batch that had been stored',
      ),
    );
  for (const { batch, index } of verdict.reordered)
    found.push(entry(batch, index, 'reordered', 'stored behind a record that its client had sent later'));
  for (const { batch, index } of verdict.abortedRead)
    found.push(
      entry(batch, index, 'abortedRead', 'of an aborted transaction, and handed to a read_committed consumer'),
    );
  for (const { group, record, offset, partition } of verdict.unseen) {
    const why = `readable at ${partition} offset ${offset}, and never handed to group ${group}`;
    if (record !== undefined) found.push({ ...entry(record.batch, record.index, 'unseen', why), offset });
  }
  for (const batch of batches)
    if (batch.result === 'failed')
      for (const index of batch.serials.keys())
        found.push(
          entry(batch, index, batch.definite ? 'failed' : 'indefinite', whyFailed(batch, verdict.present.has(batch))),
        );
  return found.sort(inOrder).slice(0, limit);
}

function inOrder(a: LedgerEntry, b: LedgerEntry): number {
  if (a.client !== b.client) return a.client < b.client ? -1 : 1;
  if (a.serial !== b.serial) return a.serial - b.serial;
  return a.outcome < b.outcome ? -1 : 1;
}
