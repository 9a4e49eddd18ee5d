/** `kzsim play`: plans the runs, plays them one after another, and tells what came of them. */
import { formatDiagnostic } from '../../scenario/diagnostics.ts';
import type { Plan } from '../../scenario/plan.ts';
import type { Report } from '../../scenario/report.ts';
import { repeatCommand, summaryLine, verdictLines } from '../../scenario/text-report.ts';
import { UsageError } from '../errors.ts';
import { EXIT, type ExitCode, gravest } from '../exit-codes.ts';
import { type Output, openOutput } from '../terminal/output.ts';
import { findParting } from './check-determinism.ts';
import { readFiles } from './files.ts';
import { playLines } from './one-run.ts';
import { type PlannedRun, readPlans } from './plans.ts';
import { TraceFile } from './trace-file.ts';
import { runInWorkers, type Shared } from './workers.ts';

type Options = Readonly<Record<string, unknown>>;

export async function runPlay(names: readonly string[], options: Options): Promise<ExitCode> {
  const output = openOutput(options);
  const { plans, diagnostics } = readPlans(readFiles(names));
  if (diagnostics.length > 0) {
    for (const diagnostic of diagnostics) output.error(formatDiagnostic(diagnostic));
    return EXIT.invalid;
  }
  const runs = planRuns(plans, options);
  if (typeof options.trace === 'string' && runs.length > 1)
    throw new UsageError(
      `--trace writes the events of one run, and ${runs.length} are planned; choose with --mode, --seed or --grep`,
    );
  const trace = typeof options.trace === 'string' ? TraceFile.open(options.trace) : undefined;
  try {
    const alone = runs.length === 1 && options.checkDeterminism !== true;
    if (output.interactive && alone) return await playShown(runs[0]!, options, output, trace);
    return await playAll(runs, options, output, trace);
  } finally {
    trace?.close();
  }
}

function planRuns(plans: readonly Plan[], options: Options): readonly PlannedRun[] {
  const { mode, grep } = options;
  const wanted = plans.filter(
    (plan) =>
      grep === undefined ||
      [plan.name, plan.file, ...plan.tags].some((text) => text.toLowerCase().includes(String(grep).toLowerCase())),
  );
  if (wanted.length === 0) throw new UsageError(`--grep ${grep}: no scenario has this in its name, file or tags`);
  const runs: PlannedRun[] = [];
  for (const plan of wanted) {
    const modes = plan.modes.filter((known) => mode === undefined || known === mode);
    if (modes.length === 0 && wanted.length === 1)
      throw new UsageError(`--mode ${mode}: ${plan.file} is for ${plan.modes.join(', ')} only`);
    const seeds = (options.seeds as readonly number[] | undefined) ?? [
      (options.seed as number | undefined) ?? plan.seed,
    ];
    for (const of of modes) for (const seed of seeds) runs.push({ plan, mode: of, seed });
  }
  if (runs.length === 0) throw new UsageError(`--mode ${mode}: none of these scenarios is for it`);
  return runs;
}

const CODES: Readonly<Record<Report['result'], ExitCode>> = {
  passed: EXIT.passed,
  failed: EXIT.failed,
  inconclusive: EXIT.inconclusive,
  error: EXIT.couldNotRun,
};

export function codeOf(report: Report): ExitCode {
  return CODES[report.result];
}

/** In the dashboard; the verdict is printed when it is closed, where it stays to be read. */
async function playShown(
  planned: PlannedRun,
  options: Options,
  output: Output,
  trace: TraceFile | undefined,
): Promise<ExitCode> {
  const { playInDashboard } = await import('../dashboard/play.ts');
  const { report, reasons } = await playInDashboard(planned, options, trace, output.paints.on);
  if (report === undefined) return EXIT.interrupted;
  for (const line of verdictLines(report, reasons)) output.line(line);
  return codeOf(report);
}

async function playAll(
  runs: readonly PlannedRun[],
  options: Options,
  output: Output,
  trace: TraceFile | undefined,
): Promise<ExitCode> {
  const json = options.json === true;
  const many = runs.length > 1;
  const tell = (report: Report, reasons: readonly string[]): void => {
    if (json) return;
    for (const line of many && !output.verbose ? brief(report) : verdictLines(report, reasons)) output.line(line);
  };
  const workers = (options.workers as number | undefined) ?? 1;
  const { reports, codes } =
    workers > 1 && many
      ? await runInWorkers(runs, options, workers, (report) => tell(report, []))
      : await playHere(runs, options, output, trace, tell);
  if (json && reports.length > 0) output.line(JSON.stringify(many ? reports : reports[0], null, 2));
  else if (many && !output.quiet) output.line(totals(reports, runs.length));
  return gravest(codes);
}

/** One after another, in this process. */
async function playHere(
  runs: readonly PlannedRun[],
  options: Options,
  output: Output,
  trace: TraceFile | undefined,
  tell: (report: Report, reasons: readonly string[]) => void,
): Promise<Shared> {
  // Many runs are a line each; of one, everything that happens is shown.
  const showEvents = options.json !== true && !output.quiet && (runs.length === 1 || output.verbose);
  const reports: Report[] = [];
  const codes: ExitCode[] = [];
  for (const run of runs) {
    const { report, reasons } = await playLines(run, options, { trace, event: showEvents ? output.line : undefined });
    if (report === undefined) return { reports, codes: [...codes, EXIT.interrupted] };
    reports.push(report);
    codes.push(codeOf(report));
    tell(report, reasons);
    if (options.checkDeterminism === true && report.result !== 'error') {
      const parting = findParting(run);
      if (parting !== null) {
        output.error(`not deterministic: ${repeatCommand(report)}\n${parting}`);
        codes.push(EXIT.failed);
      } else output.note(`  the same twice: ${report.events} events`);
    }
    if (options.bail === true && gravest(codes) !== EXIT.passed) break;
  }
  return { reports, codes };
}

/** One line a run; of one that did not pass, also why, and how to see it again. */
function brief(report: Report): readonly string[] {
  if (report.result === 'passed') return [summaryLine(report)];
  return [summaryLine(report), `  because: ${report.reason ?? 'see the report'}`, `  again: ${repeatCommand(report)}`];
}

function totals(reports: readonly Report[], planned: number): string {
  const count = (result: Report['result']) => reports.filter((report) => report.result === result).length;
  const parts = (['passed', 'failed', 'inconclusive', 'error'] as const).flatMap((result) =>
    count(result) > 0 ? [`${count(result)} ${result}`] : [],
  );
  const left = planned - reports.length;
  return `${reports.length} runs: ${parts.join(', ') || 'none ended'}${left > 0 ? `, ${left} not run` : ''}`;
}
