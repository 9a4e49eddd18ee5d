import { drive } from '../../gateway/pace.ts';
import { hostPorts } from '../../gateway/ports.ts';
import { ledgerReasons } from '../../scenario/ledger-report.ts';
import { ScenarioRun } from '../../scenario/player.ts';
import { type Report, reportOf } from '../../scenario/report.ts';
import { eventLine } from '../../scenario/text-report.ts';
import { onOutputClosed } from '../terminal/broken-output.ts';
import { onInterrupt } from '../terminal/endings.ts';
import type { PlannedRun } from './plans.ts';
import type { TraceFile } from './trace-file.ts';

/** Without a report where somebody interrupted it. */
export interface Played {
  readonly report: Report | undefined;
  /** What the ledger says of records that went astray, for a person. */
  readonly reasons: readonly string[];
}

/** Records under `--ledger`, at most. */
const MOST_ENTRIES = 10_000;

export interface Listeners {
  readonly trace: TraceFile | undefined;
  /** Receives a line for each event that a person wants to read. */
  readonly event: ((line: string) => void) | undefined;
}

export function makeRun({ plan, mode, seed }: PlannedRun, trace: TraceFile | undefined): ScenarioRun {
  const run = new ScenarioRun(plan, { mode, seed, ports: hostPorts });
  if (trace !== undefined) run.cluster.trace.subscribe('all', trace.write);
  return run;
}

/** What came of a run that began at `startMs` of the host's clock. */
export function outcomeOf(run: ScenarioRun, startMs: number, options: Readonly<Record<string, unknown>>): Played {
  const report = reportOf(run, performance.now() - startMs, options.ledger === true ? MOST_ENTRIES : 0);
  return { report, reasons: ledgerReasons(run) };
}

/** Plays one run to its end, as fast as it goes or at a speed; a person's Ctrl-C ends it between two slices. */
export function playLines(
  planned: PlannedRun,
  options: Readonly<Record<string, unknown>>,
  { trace, event }: Listeners,
): Promise<Played> {
  const startMs = performance.now();
  const run = makeRun(planned, trace);
  if (event !== undefined)
    run.cluster.trace.subscribe('all', (happened) => {
      const line = eventLine(run, happened);
      if (line !== null) event(line);
    });
  run.boot();
  const played = (): Played => outcomeOf(run, startMs, options);
  if (run.finished) return Promise.resolve(played());
  return new Promise((resolve, reject) => {
    const ended = (played: Played): void => {
      stopListening();
      stopWatching();
      resolve(played);
    };
    const interrupted = (): void => {
      pace.stop();
      ended({ report: undefined, reasons: [] });
    };
    const pace = drive(run.cluster.world, {
      speed: (options.speed as number | undefined) ?? Number.POSITIVE_INFINITY,
      finished: () => run.finished,
      onSlice() {},
      onEnd: () => ended(played()),
      onFailure: reject,
    });
    const stopListening = onInterrupt(interrupted);
    // Nobody looks on any more; its verdict is what is left to come.
    const stopWatching = onOutputClosed(() => {
      pace.speed = Number.POSITIVE_INFINITY;
    });
  });
}
