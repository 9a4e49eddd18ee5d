/** What the cluster's floor asks of floors above it: the checker gives the ledger's counts, the player reads verdicts. */
import type { EventId, Micros } from '../kernel/api.ts';

/** What every record came to, counted (scenario-language.md, "The ledger"). */
export interface LedgerCounts {
  readonly sent: number;
  readonly acked: number;
  readonly failed: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly reordered: number;
  readonly unseen: number;
  readonly abortedRead: number;
  readonly diverged: number;
  readonly truncated: number;
}

/** A record that did not end "delivered once, in order". */
export interface LedgerEntry {
  readonly client: string;
  /** Number of the record among those its client sent, from 1. */
  readonly serial: number;
  readonly partition: string;
  /** Where it was acknowledged to be; null when it never was. */
  readonly offset: number | null;
  readonly outcome: 'lost' | 'duplicated' | 'reordered' | 'unseen' | 'abortedRead' | 'indefinite' | 'failed';
  /** One sentence: what decided it. */
  readonly why: string;
  /** The events that decided it, oldest first. */
  readonly events: readonly EventId[];
}

/** What one real client did, as far as the protocol shows; `client` is its client.id. Records. */
export interface ClientLedger {
  readonly client: string;
  readonly sent: number;
  readonly acked: number;
  readonly failed: number;
  /** Given to it by fetches. */
  readonly fetched: number;
}

export interface Violation {
  readonly invariant: string;
  readonly atUs: Micros;
  readonly event: EventId;
  readonly message: string;
}

export interface InvariantReport {
  readonly name: string;
  readonly checks: number;
  readonly violations: number;
}

/** Reads the trace of one run from its beginning. */
export interface RunChecker {
  violations(): readonly Violation[];
  onViolation(listener: (violation: Violation) => void): void;
  invariants(): readonly InvariantReport[];
  /** `lost` and `unseen` are meaningful after `finish` only. */
  ledger(): LedgerCounts;
  /** The run is healed, drained and converged: what is not readable now is lost. May be called again later. */
  finish(nowUs: Micros): void;
  /** Of each real client, in order of their first request for records. */
  clients(): readonly ClientLedger[];
  /** Records of real clients that are counted, and not followed any more. */
  forgotten(): number;
  /** At most `limit` entries, in order of client and serial. */
  entries(limit: number): readonly LedgerEntry[];
}
