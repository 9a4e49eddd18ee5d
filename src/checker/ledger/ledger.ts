/**
 * What every record of a client, simulated or real, came to: sent, appended, replicated, acknowledged or refused, cut off, read. Counted in
 * Jepsen's terms (scenario-language.md, "The ledger").
 */
import type { ClientLedger, LedgerCounts, LedgerEntry } from '../../cluster/ports.ts';
import type { Trace } from '../../kernel/api.ts';
import type { ReplicaLogs, StoredBatch } from '../batches.ts';
import type { CommittedLogs } from '../committed.ts';
import type { TransactionFates } from '../transactions.ts';
import { Deliveries } from './deliveries.ts';
import { type Election, entriesOf } from './entries.ts';
import { judgeAborted, judgeOrder, judgeUnseen, type RecordRef, type UnseenRecord } from './judge.ts';
import { outsideEntries } from './outside-entries.ts';
import { type OutsideBatch, OutsideRecords, type OutsideVerdict } from './outside-records.ts';
import { placed, readable } from './placement.ts';
import { Sends } from './sends.ts';
import type { SentBatch } from './sent-batch.ts';

/** The verdict over all records at one moment. */
export interface LedgerVerdict {
  readonly lost: readonly SentBatch[];
  readonly duplicated: readonly RecordRef[];
  readonly reordered: readonly RecordRef[];
  readonly unseen: readonly UnseenRecord[];
  readonly abortedRead: readonly RecordRef[];
  readonly present: ReadonlySet<SentBatch>;
  /** Of real clients, by partition. */
  readonly outside: readonly OutsideVerdict[];
}

const NOTHING: LedgerVerdict = {
  lost: [],
  duplicated: [],
  reordered: [],
  unseen: [],
  abortedRead: [],
  present: new Set(),
  outside: [],
};

export class Ledger {
  readonly sends: Sends;
  readonly deliveries: Deliveries;
  readonly outside: OutsideRecords;
  readonly #logs: ReplicaLogs;
  readonly #committed: CommittedLogs;
  readonly #fates: TransactionFates;
  /** Partitions of topics that were deleted: what they held is not lost, it was thrown away. */
  readonly #deleted = new Set<string>();
  readonly #elections = new Map<string, Election[]>();
  /** Offsets at which two replicas were found to differ below both their high watermarks. */
  #diverged = 0;
  #truncated = 0;
  /** Something happened since the order was last looked at. */
  #stale = true;
  #ordered = { duplicated: 0, reordered: 0, abortedRead: 0 };
  #final: LedgerVerdict = NOTHING;

  constructor(trace: Trace, logs: ReplicaLogs, committed: CommittedLogs, fates: TransactionFates) {
    this.sends = new Sends(trace);
    this.deliveries = new Deliveries(trace);
    this.deliveries.onCommittedRead = () => {
      this.#stale = true;
    };
    this.outside = new OutsideRecords(trace);
    this.#logs = logs;
    this.#committed = committed;
    this.#fates = fates;
    logs.listen({
      onAppend: (log, stored, origin) => {
        this.#stale = true;
        if (origin !== 'leader') return;
        const sent = this.sends.find(log.partition, stored);
        if (sent !== undefined && sent.appendEvent === 0) sent.appendEvent = stored.event;
      },
      onTruncate: (log, removed, event) => this.#cut(log.partition, removed, event),
    });
    committed.listen({
      onLeader: ({ partition, leaderEpoch, uncleanEpoch }, { node, endOffset }, event) => {
        const election = { event, node, leaderEpoch, endOffset, unclean: uncleanEpoch === leaderEpoch };
        const known = this.#elections.get(partition);
        if (known === undefined) this.#elections.set(partition, [election]);
        else known.push(election);
      },
      onAbandoned: (log) => this.deliveries.forgetFrom(log.partition, log.endOffset),
      onDeleted: (log) => {
        this.#deleted.add(log.partition);
        this.outside.forget(log.partition, Number.POSITIVE_INFINITY);
      },
    });
  }

  /** Told by the invariant that compares replicas. */
  noteDiverged(records: number): void {
    this.#diverged += records;
  }

  /** The run is healed and drained: what readers do not find now is lost. */
  finish(): void {
    const lost: SentBatch[] = [];
    const duplicated: RecordRef[] = [];
    const reordered: RecordRef[] = [];
    const unseen: UnseenRecord[] = [];
    const abortedRead: RecordRef[] = [];
    const present = new Set<SentBatch>();
    const outside: OutsideVerdict[] = [];
    for (const name of this.#committed.byPartition.keys()) {
      const log = readable(this.#committed, this.#logs, name);
      if (log === undefined) continue;
      const batches = placed(log, this.sends);
      if (this.outside.has(name)) outside.push(this.outside.judge(log, batches.map(storedOf), this.#knownFrom(name)));
      const order = judgeOrder(batches);
      duplicated.push(...order.duplicated);
      reordered.push(...order.reordered);
      for (const batch of order.present) present.add(batch);
      unseen.push(...judgeUnseen(log, batches, this.deliveries, this.#fates));
      abortedRead.push(...judgeAborted(log, batches, this.deliveries, this.#fates));
    }
    for (const batch of this.sends.batches) if (this.#isLost(batch, present)) lost.push(batch);
    this.#final = { lost, duplicated, reordered, unseen, abortedRead, present, outside };
  }

  counts(): LedgerCounts {
    const { sends, outside } = this;
    let acked = outside.total('acked');
    let failed = sends.blockedRecords + outside.total('failed');
    for (const batch of sends.batches) {
      if (batch.result === 'acknowledged') acked += batch.serials.length;
      if (batch.result === 'failed') failed += batch.serials.length;
    }
    const { duplicated, reordered, abortedRead } = this.#order();
    return {
      sent: sends.sentRecords + outside.total('sent'),
      acked,
      failed,
      lost:
        this.#final.lost.reduce((sum, batch) => sum + batch.serials.length, 0) +
        this.#final.outside.reduce((sum, { lost }) => sum + recordsIn(lost), 0),
      duplicated,
      reordered,
      unseen: this.#final.unseen.length,
      abortedRead,
      diverged: this.#diverged,
      truncated: this.#truncated,
    };
  }

  clients(): readonly ClientLedger[] {
    return [...this.outside.clients.values()];
  }

  entries(limit: number): readonly LedgerEntry[] {
    const electionsOf = (partition: string) => this.#elections.get(partition) ?? [];
    const outside = this.#final.outside.flatMap((verdict) => outsideEntries(verdict));
    return [...outside, ...entriesOf(this.#final, this.sends.batches, electionsOf, limit)].slice(0, limit);
  }

  /** Acknowledged under acks=1 or all, and readable by nobody, with nothing to explain it. */
  #isLost(batch: SentBatch, present: ReadonlySet<SentBatch>): boolean {
    if (batch.result !== 'acknowledged' || batch.acks === 0 || present.has(batch)) return false;
    if (this.#deleted.has(batch.partition)) return false;
    const log = readable(this.#committed, this.#logs, batch.partition);
    // Retention and DeleteRecords moved the start of the log past it, or nobody remembers what was there.
    const from = Math.max(log?.startOffset ?? 0, this.#knownFrom(batch.partition));
    return !(log !== undefined && batch.ackedOffset >= 0 && batch.ackedOffset < from);
  }

  #knownFrom(partition: string): number {
    return this.#committed.byPartition.get(partition)?.knownFrom ?? 0;
  }

  #order(): { duplicated: number; reordered: number; abortedRead: number } {
    if (!this.#stale) return this.#ordered;
    this.#stale = false;
    let duplicated = 0;
    let reordered = 0;
    let abortedRead = 0;
    for (const name of this.#committed.byPartition.keys()) {
      const log = readable(this.#committed, this.#logs, name);
      if (log === undefined) continue;
      const batches = placed(log, this.sends);
      const order = judgeOrder(batches);
      abortedRead += judgeAborted(log, batches, this.deliveries, this.#fates).length;
      duplicated += order.duplicated.length;
      reordered += order.reordered.length;
      if (!this.outside.has(name)) continue;
      const outside = this.outside.judgeOrder(name, batches.map(storedOf));
      duplicated += recordsIn(outside.duplicated);
      reordered += recordsIn(outside.reordered);
    }
    this.#ordered = { duplicated, reordered, abortedRead };
    return this.#ordered;
  }

  #cut(partition: string, removed: readonly StoredBatch[], event: number): void {
    this.#stale = true;
    for (const stored of removed) {
      const sent = this.sends.find(partition, stored);
      if (sent === undefined) this.#truncated += this.outside.cut(partition, stored);
      if (sent === undefined) continue;
      sent.cutEvent = event;
      if (sent.truncated) continue;
      sent.truncated = true;
      this.#truncated += sent.serials.length;
    }
  }
}

const storedOf = ({ stored }: { readonly stored: StoredBatch }): StoredBatch => stored;

const recordsIn = (batches: readonly OutsideBatch[]): number => batches.reduce((sum, { records }) => sum + records, 0);
