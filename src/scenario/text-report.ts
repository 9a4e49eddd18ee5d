/** A run as lines: what happened, what was expected, and the verdict; for terminals without a dashboard, and for logs. */
import { formatDuration } from '../cluster/units.ts';
import type { TraceEvent } from '../kernel/api.ts';
import { sentence, timeText } from '../tools/causes.ts';
import type { LedgerRecord } from './ledger-report.ts';
import type { ScenarioRun } from './player.ts';
import type { ExpectationReport, Report } from './report.ts';

/** One line an event that a person wants to read; null for all others. The partitions of internal topics are many and seldom meant. */
export function eventLine(run: ScenarioRun, event: TraceEvent): string | null {
  if (event.kind.level !== 'notable' || run.cluster.zeroUs === undefined) return null;
  const at = event.kind.fields.indexOf('partition');
  if (at >= 0 && String(event.values[at]).startsWith('__')) return null;
  return sentence(event, run.cluster.zeroUs);
}

const SIGNS = { passed: '✓', failed: '✗', skipped: '-' } as const;

/**
 * The verdict of a run: its steps, its expectations, and what to do about a failure. `reasons` is what the ledger says of records that
 * went astray.
 */
export function verdictLines(report: Report, reasons: readonly string[]): readonly string[] {
  const lines: string[] = [];
  const place = `${report.file}`;
  for (const step of report.steps)
    if (step.result !== 'done')
      lines.push(
        `  ${step.result === 'failed' ? SIGNS.failed : '-'} ${place}:${step.line} ${step.text} (${step.result})`,
      );
  for (const expectation of report.expectations) lines.push(...expectationLines(report, expectation, reasons));
  for (const { name, violations } of report.invariants)
    if (violations > 0) lines.push(`  ${SIGNS.failed} ${name} was broken ${violations} times`);
  const { sent, acked, failed, lost, duplicated, reordered, unseen, truncated } = report.ledger;
  lines.push(
    `  ledger: sent ${sent}, acked ${acked}, failed ${failed}, lost ${lost}, duplicated ${duplicated}, reordered ${reordered}, unseen ${unseen}, truncated ${truncated}`,
  );
  lines.push(
    ...(report.records === undefined ? reasons.map((reason) => `      ${reason}`) : recordLines(report.records)),
  );
  lines.push(summaryLine(report));
  if (report.result !== 'passed') {
    if (report.reason !== null) lines.push(`  because: ${report.reason}`);
    lines.push(`  again: ${repeatCommand(report)}`);
  }
  return lines;
}

/** Each record alone; what decided several in a row stands behind the last of them. */
function recordLines(records: readonly LedgerRecord[]): readonly string[] {
  return records.flatMap(({ client, serial, partition, offset, outcome, why, events }, index) => {
    const place = offset === null ? partition : `${partition} offset ${offset}`;
    const head = `  ${client}#${serial} ${place} ${outcome}: ${why}`;
    const next = records[index + 1];
    const same = next?.outcome === outcome && next.events.join() === events.join();
    return same ? [head] : [head, ...events.map((event) => `      ${event}`)];
  });
}

function expectationLines(
  report: Report,
  { line, kind, text, result, atMs, observed, expected, causes }: ExpectationReport,
  elsewhere: readonly string[],
): readonly string[] {
  const when = atMs === null ? '' : ` at ${timeText(atMs * 1000)}`;
  const head = `  ${SIGNS[result]} ${report.file}:${line} ${kind === 'step' ? 'expect' : kind} ${text}${when}`;
  if (result !== 'failed') return [head];
  const told = causes.filter((cause) => !elsewhere.includes(cause));
  return [head, `      observed ${observed}, expected ${expected}`, ...told.map((cause) => `      ${cause}`)];
}

/** `passed  Leader crash (kraft, seed 42): 18.4s in 0.6s of the clock, sha256:…` */
export function summaryLine(report: Report): string {
  const { result, scenario, mode, seed, virtualMs, wallMs, events, traceHash } = report;
  return `${result.padEnd(12)} ${scenario} (${mode}, seed ${seed}): ${formatDuration(virtualMs * 1000)} in ${wallMs} ms, ${events} events, ${traceHash.slice(0, 19)}`;
}

/** The exact command that repeats a run. */
export function repeatCommand({ file, mode, seed }: Report): string {
  return `kzsim play ${file} --mode ${mode} --seed ${seed}`;
}
