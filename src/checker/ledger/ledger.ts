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

/** What can be judged at any moment, for it does not depend on what will be healed. */
type Order = Pick<LedgerVerdict, 'duplicated' | 'reordered' | 'abortedRead' | 'outside'>;

const NOTHING = {
  lost: [],
  unseen: [],
  present: new Set<SentBatch>(),
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
  #ordered: Order = { duplicated: [], reordered: [], abortedRead: [], outside: [] };
  #final: Omit<LedgerVerdict, 'duplicated' | 'reordered' | 'abortedRead'> = NOTHING;

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
    const unseen: UnseenRecord[] = [];
    const present = new Set<SentBatch>();
    const outside: OutsideVerdict[] = [];
    for (const name of this.#committed.byPartition.keys()) {
      const log = readable(this.#committed, this.#logs, name);
      if (log === undefined) continue;
      const batches = placed(log, this.sends);
      if (this.outside.has(name)) outside.push(this.outside.judge(log, batches.map(storedOf), this.#knownFrom(name)));
      for (const { sent } of batches) if (sent !== undefined) present.add(sent);
      append(unseen, judgeUnseen(log, batches, this.deliveries, this.#fates));
    }
    for (const batch of this.sends.batches) if (this.#isLost(batch, present)) lost.push(batch);
    this.#final = { lost, unseen, present, outside };
  }

  counts(): LedgerCounts {
    const { sends, outside } = this;
    let acked = outside.total('acked');
    let failed = sends.blockedRecords + outside.total('failed');
    for (const batch of sends.batches) {
      if (batch.result === 'acknowledged') acked += batch.serials.length;
      if (batch.result === 'failed') failed += batch.serials.length;
    }
    const order = this.#order();
    return {
      sent: sends.sentRecords + outside.total('sent'),
      acked,
      failed,
      lost: this.#final.lost.reduce((sum, batch) => sum + batch.serials.length, 0) + sum(this.#final.outside, 'lost'),
      duplicated: order.duplicated.length + sum(order.outside, 'duplicated'),
      reordered: order.reordered.length + sum(order.outside, 'reordered'),
      unseen: this.#final.unseen.length,
      abortedRead: order.abortedRead.length,
      diverged: this.#diverged,
      truncated: this.#truncated,
    };
  }

  clients(): readonly ClientLedger[] {
    return [...this.outside.clients.values()];
  }

  entries(limit: number): readonly LedgerEntry[] {
    const electionsOf = (partition: string) => this.#elections.get(partition) ?? [];
    const { outside, ...order } = this.#order();
    const lost = this.#final.outside.map((verdict) => ({ ...verdict, duplicated: [], reordered: [] }));
    const real = [...lost, ...outside].flatMap((verdict) => outsideEntries(verdict));
    const verdict = { ...this.#final, ...order };
    return [...real, ...entriesOf(verdict, this.sends.batches, electionsOf, limit)].slice(0, limit);
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

  #order(): Order {
    if (!this.#stale) return this.#ordered;
    this.#stale = false;
    const duplicated: RecordRef[] = [];
    const reordered: RecordRef[] = [];
    const abortedRead: RecordRef[] = [];
    const outside: OutsideVerdict[] = [];
    for (const name of this.#committed.byPartition.keys()) {
      const log = readable(this.#committed, this.#logs, name);
      if (log === undefined) continue;
      const batches = placed(log, this.sends);
      const order = judgeOrder(batches);
      append(abortedRead, judgeAborted(log, batches, this.deliveries, this.#fates));
      append(duplicated, order.duplicated);
      append(reordered, order.reordered);
      if (!this.outside.has(name)) continue;
      outside.push({ ...this.outside.judgeOrder(name, batches.map(storedOf)), lost: [] });
    }
    this.#ordered = { duplicated, reordered, abortedRead, outside };
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

function append<Item>(all: Item[], more: readonly Item[]): void {
  for (const item of more) all.push(item);
}

const sum = (verdicts: readonly OutsideVerdict[], what: keyof OutsideVerdict): number =>
  verdicts.reduce((total, verdict) => total + recordsIn(verdict[what]), 0);

const recordsIn = (batches: readonly OutsideBatch[]): number => batches.reduce((sum, { records }) => sum + records, 0);
