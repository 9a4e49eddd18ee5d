import { transactionEvents as kinds } from '../../broker/transactions/events.ts';
import type { Trace, TraceEvent } from '../../kernel/api.ts';
import type { Changes } from './changes.ts';

/** A transactional id as its coordinator has it. */
export interface TransactionRecord {
  readonly id: string;
  state: string;
  epoch: number;
  /** Transactions that are complete. */
  committed: number;
  aborted: number;
  /** Requests that were refused for an old epoch. */
  fenced: number;
  /** Node of the coordinator that spoke last; null while none coordinates it. */
  coordinator: string | null;
}

/** Every transactional id, folded from the trace. */
export class TransactionalIds {
  readonly all = new Map<string, TransactionRecord>();
  readonly #changes: Changes;

  constructor(trace: Trace, changes: Changes) {
    this.#changes = changes;
    const on = (
      kind: (typeof kinds)[keyof typeof kinds],
      fold: (record: TransactionRecord, event: TraceEvent) => void,
    ): void =>
      void trace.subscribe([kind], (event) => {
        const record = this.#record(event.values[0] as string);
        record.coordinator = event.node;
        fold(record, event);
        changes.mark('transactions');
      });
    on(kinds['transaction-state-changed'], (record, { values: [, , to, , epoch] }) =>
      enter(record, to as string, epoch as number),
    );
    // What was complete before its coordinator could tell is complete all the same.
    on(kinds['transaction-loaded'], (record, { values: [, , state, , epoch] }) => {
      if (state !== record.state) enter(record, state as string, epoch as number);
    });
    on(kinds['transaction-producer-fenced'], (record) => {
      record.fenced += 1;
    });
    on(kinds['transaction-id-expired'], ({ id }) => this.all.delete(id));
    trace.subscribe([kinds['transaction-coordinator-unloaded']], ({ node }) => this.forgetCoordinator(node));
  }

  /** A broker's process ended, or it coordinates nothing of this any more. */
  forgetCoordinator(node: string): void {
    for (const record of this.all.values()) if (record.coordinator === node) record.coordinator = null;
    this.#changes.mark('transactions');
  }

  #record(id: string): TransactionRecord {
    let record = this.all.get(id);
    if (record === undefined) {
      record = { id, state: 'Empty', epoch: -1, committed: 0, aborted: 0, fenced: 0, coordinator: null };
      this.all.set(id, record);
    }
    return record;
  }
}

function enter(record: TransactionRecord, state: string, epoch: number): void {
  record.state = state;
  record.epoch = epoch;
  if (state === 'CompleteCommit') record.committed += 1;
  if (state === 'CompleteAbort') record.aborted += 1;
}
