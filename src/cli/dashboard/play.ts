import { drive } from '../../gateway/pace.ts';
import { completer } from '../../tools/complete.ts';
import { drawnOrWhy } from '../../tools/questions/diagram.ts';
import { Session } from '../../tools/session.ts';
import { makeRun, outcomeOf, type Played } from '../play/one-run.ts';
import type { PlannedRun } from '../play/plans.ts';
import type { TraceFile } from '../play/trace-file.ts';
import { show } from './show.tsx';

/** Plays one run before a person's eyes, who may slow it, pause it, and type verbs of their own. */
export async function playInDashboard(
  planned: PlannedRun,
  options: Readonly<Record<string, unknown>>,
  trace: TraceFile | undefined,
  colour: boolean,
): Promise<Played> {
  const startMs = performance.now();
  const run = makeRun(planned, trace);
  const session = new Session(run.cluster, run.checker, run.runner);
  run.boot();
  const title = `${planned.plan.name} (${planned.mode}, seed ${planned.seed})`;
  const speed = (options.speed as number | undefined) ?? 1;
  if (!run.finished)
    await show({
      cluster: run.cluster,
      checker: run.checker,
      history: session.history,
      author: session.author,
      title,
      bootstrapServers: [],
      run,
      drive: (hooks) => drive(run.cluster.world, { ...hooks, speed }),
      onNotice: (listener) => session.notices.listen(listener),
      complete: completer(session),
      execute: (line, done) => session.execute(line, done),
      draw: (options, done) => done(drawnOrWhy(session, options)),
      over: () => false,
      colour,
    });
  if (!run.finished) return { report: undefined, reasons: [] };
  return outcomeOf(run, startMs, options);
}
