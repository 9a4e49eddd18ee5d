/** The report of a run, as `--json` prints it (scenario-language.md). */
import type { InvariantReport, LedgerCounts } from '../cluster/ports.ts';
import type { Snapshot } from '../cluster/snapshot.ts';
import { type LedgerRecord, ledgerReasons, ledgerRecords } from './ledger-report.ts';
import type { ScenarioRun } from './player.ts';
import type { ExpectationRecord, RunResult } from './run-records.ts';

export interface Report {
  readonly schema: 1;
  readonly scenario: string;
  readonly file: string;
  readonly mode: string;
  readonly seed: number;
  readonly result: RunResult;
  readonly reason: string | null;
  readonly virtualMs: number;
  readonly wallMs: number;
  readonly events: number;
  readonly traceHash: string;
  readonly steps: readonly StepReport[];
  readonly expectations: readonly ExpectationReport[];
  readonly invariants: readonly InvariantReport[];
  readonly ledger: LedgerCounts;
  readonly clients: Readonly<Record<string, ProducerReport | ConsumerReport>>;
  readonly partitions: Readonly<Record<string, PartitionReport>>;
  /** What the steps `snapshot` kept, by name; left out where there was none. */
  readonly snapshots?: Readonly<Record<string, Snapshot>>;
  /** Under `--ledger`: records that did not end "delivered once, in order". */
  readonly records?: readonly LedgerRecord[];
}

export interface StepReport {
  readonly line: number;
  readonly text: string;
  readonly atMs: number | null;
  readonly resolved: readonly string[];
  readonly result: 'done' | 'no-effect' | 'skipped' | 'failed';
}

export interface ExpectationReport {
  readonly line: number;
  readonly kind: 'step' | 'always' | 'finally';
  readonly text: string;
  readonly result: 'passed' | 'failed' | 'skipped';
  readonly atMs: number | null;
  readonly observed: string;
  readonly expected: string;
  readonly causes: readonly string[];
}

interface ProducerReport {
  readonly acked: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
}
interface ConsumerReport {
  readonly consumed: number;
  readonly rebalances: number;
}
interface PartitionReport {
  readonly leader: number | null;
  readonly epoch: number;
  readonly isr: readonly number[];
  readonly unavailableMs: number;
  readonly hw: number | null;
  readonly leo: number | null;
}

const toMs = (us: number | undefined): number | null => (us === undefined ? null : Math.round(us / 1000));
const tenths = (us: number | null): number | null => (us === null ? null : Math.round(us / 100) / 10);

/** The report of a finished run. `wallMs` is the host's affair; `ledger` adds the records, at most so many. */
export function reportOf(run: ScenarioRun, wallMs: number, ledger = 0): Report {
  const { plan, options, cluster, checker } = run;
  return {
    schema: 1,
    scenario: plan.name,
    file: plan.file,
    mode: options.mode,
    seed: options.seed,
    result: run.result,
    reason: run.reason,
    virtualMs: Math.round(cluster.timeUs / 1000),
    wallMs: Math.round(wallMs),
    events: cluster.trace.count,
    traceHash: cluster.trace.hash(),
    steps: run.steps.map(({ line, text, atUs, resolved, result }) => ({
      line,
      text,
      atMs: toMs(atUs),
      resolved,
      result: result === 'pending' || result === 'running' ? 'skipped' : result,
    })),
    expectations: run.expectations.map((record) => expectation(run, record)),
    invariants: checker.invariants(),
    ledger: checker.ledger(),
    clients: clients(run),
    partitions: partitions(run),
    ...(cluster.snapshots.size > 0 && { snapshots: Object.fromEntries(cluster.snapshots) }),
    ...(ledger > 0 && { records: ledgerRecords(run, ledger) }),
  };
}

function expectation(run: ScenarioRun, record: ExpectationRecord): ExpectationReport {
  const { line, kind, text, result, atUs, observed, expected } = record;
  return {
    line,
    kind,
    text,
    result: result === 'pending' ? 'skipped' : result,
    atMs: toMs(atUs),
    observed,
    expected,
    causes: [...reasonsOf(run, record), ...record.causes],
  };
}

/** What the ledger has to say about the records that an expectation counts, whether it holds or not. */
function reasonsOf(run: ScenarioRun, { text, atUs }: ExpectationRecord): readonly string[] {
  const counted = [...text.matchAll(/ledger\.(\w+)/g)].map(([, name]) => name!);
  return counted.length === 0 || atUs === undefined ? [] : ledgerReasons(run, counted);
}

function clients(run: ScenarioRun): Report['clients'] {
  const found: Record<string, ProducerReport | ConsumerReport> = {};
  const { model, clients: all } = run.cluster;
  for (const [name, { options }] of all.all) {
    if (options.role.kind === 'produce') {
      const producer = model.producers.all.get(name);
      const quantile = (perMille: number) => tenths(producer?.latencies.quantileUs(perMille) ?? null);
      found[name] = { acked: producer?.acked ?? 0, p50Ms: quantile(500), p99Ms: quantile(990) };
    } else {
      const group = model.groups.all.get(options.role.reading.group ?? name);
      found[name] = { consumed: group?.consumed ?? 0, rebalances: group?.rebalances ?? 0 };
    }
  }
  return found;
}

function partitions(run: ScenarioRun): Report['partitions'] {
  const found: Record<string, PartitionReport> = {};
  const { model } = run.cluster;
  for (const record of model.authority.partitions.values()) {
    if (record.topic.startsWith('__')) continue;
    const leader = model.replicas.get(record.name, record.leader);
    found[record.name] = {
      leader: record.leader < 0 ? null : record.leader,
      epoch: record.leaderEpoch,
      isr: [...record.isr].sort((a, b) => a - b),
      unavailableMs: Math.round(model.availability.unavailableUs(record.name, model.nowUs) / 1000),
      hw: leader?.highWatermark ?? null,
      leo: leader?.logEndOffset ?? null,
    };
  }
  return found;
}
