/** Everything that is checked in every run, and the ledger: readers of one trace, from its beginning. */
import type {
  ClientLedger,
  InvariantReport,
  LedgerCounts,
  LedgerEntry,
  RunChecker,
  Violation,
} from '../cluster/ports.ts';
import type { EventId, Trace } from '../kernel/api.ts';
import { ReplicaLogs } from './batches.ts';
import { CommittedLogs } from './committed.ts';
import type { Invariant } from './invariant.ts';
import { INVARIANTS } from './invariants/index.ts';
import { Ledger } from './ledger/ledger.ts';
import { TransactionFates } from './transactions.ts';

/** Violations beyond this many are counted, not kept. */
const KEPT_VIOLATIONS = 100;

/** Batches of a partition that are remembered in a live run, which may last for days. */
export const KEPT_LIVE = 10_000;

/**
 * Attaches checker and ledger to a trace; call it before the first event. `invariants` is for tests of the harness. `mostKept`: how
 * many committed batches of a partition are remembered, roughly; older ones are not compared any more, and nothing is said of them.
 */
export function attachChecker(
  trace: Trace,
  clock: { readonly nowUs: number },
  invariants: readonly Invariant[] = INVARIANTS,
  mostKept?: number,
): RunChecker {
  const logs = new ReplicaLogs(trace);
  const committed = new CommittedLogs(trace, logs, mostKept);
  const fates = new TransactionFates(trace, logs);
  const ledger = new Ledger(trace, logs, committed, fates);
  const violations: Violation[] = [];
  const listeners: ((violation: Violation) => void)[] = [];
  const reports = new Map<string, { checks: number; violations: number }>();
  for (const { name, attach } of invariants) {
    const report = { checks: 0, violations: 0 };
    reports.set(name, report);
    const check = (event: EventId, message: string | null): void => {
      report.checks += 1;
      if (message === null) return;
      report.violations += 1;
      if (name === 'logs-match') ledger.noteDiverged(1);
      const violation: Violation = { invariant: name, atUs: clock.nowUs, event, message };
      if (violations.length < KEPT_VIOLATIONS) violations.push(violation);
      for (const listener of listeners) listener(violation);
    };
    attach({ trace, logs, committed, fates, check });
  }
  return {
    violations: () => violations,
    onViolation: (listener) => void listeners.push(listener),
    invariants: (): readonly InvariantReport[] => [...reports].map(([name, report]) => ({ name, ...report })),
    ledger: (): LedgerCounts => ledger.counts(),
    finish: () => ledger.finish(),
    clients: (): readonly ClientLedger[] => ledger.clients(),
    forgotten: () => ledger.outside.forgotten,
    entries: (limit): readonly LedgerEntry[] => ledger.entries(limit),
  };
}
