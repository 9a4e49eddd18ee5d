/** What an invariant is: something that must hold in every run, checked at every change of the state it speaks of. */
import type { EventId, Trace } from '../kernel/api.ts';
import type { ReplicaLogs } from './batches.ts';
import type { CommittedLogs } from './committed.ts';
import type { TransactionFates } from './transactions.ts';

export interface InvariantContext {
  readonly trace: Trace;
  readonly logs: ReplicaLogs;
  readonly committed: CommittedLogs;
  readonly fates: TransactionFates;
  /** Counts one look; a message is a violation, null is none. */
  check(event: EventId, message: string | null): void;
}

export interface Invariant {
  readonly name: string;
  /** One sentence: what holds. */
  readonly about: string;
  /** Begins to watch. */
  attach(context: InvariantContext): void;
}
