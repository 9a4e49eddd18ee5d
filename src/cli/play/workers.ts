/** Plays many runs in several processes of this very program; what they report is the same as in one. */
import { spawn } from 'node:child_process';
import process from 'node:process';
import type { Report } from '../../scenario/report.ts';
import { CouldNotRun } from '../errors.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { PlannedRun } from './plans.ts';

type PlayOptions = Readonly<Record<string, unknown>>;

/** Seeds that one process plays before it is asked for more. */
const SHARE = 20;

interface Task {
  readonly file: string;
  readonly mode: string;
  readonly seeds: readonly number[];
  /** Places of its reports among all. */
  readonly places: readonly number[];
}

/** What came of runs in other processes: their reports in the order planned, and how the processes ended. */
export interface Shared {
  readonly reports: readonly Report[];
  readonly codes: readonly ExitCode[];
}

export async function runInWorkers(
  runs: readonly PlannedRun[],
  options: PlayOptions,
  workers: number,
  told: (report: Report) => void,
): Promise<Shared> {
  const tasks = shares(runs);
  const reports: (Report | undefined)[] = runs.map(() => undefined);
  const codes: ExitCode[] = [];
  let bailed = false;
  const work = async (): Promise<void> => {
    for (;;) {
      const task = bailed ? undefined : tasks.shift();
      if (task === undefined) return;
      const share = await playShare(task, options);
      codes.push(...share.codes);
      for (const [index, report] of share.reports.entries()) {
        reports[task.places[index]!] = report;
        told(report);
        if (options.bail === true && report.result !== 'passed') bailed = true;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(workers, tasks.length) }, work));
  return { reports: reports.filter((report) => report !== undefined), codes };
}

function shares(runs: readonly PlannedRun[]): Task[] {
  const tasks: { file: string; mode: string; seeds: number[]; places: number[] }[] = [];
  for (const [place, { plan, mode, seed }] of runs.entries()) {
    const last = tasks.at(-1);
    if (last !== undefined && last.file === plan.file && last.mode === mode && last.seeds.length < SHARE) {
      last.seeds.push(seed);
      last.places.push(place);
    } else tasks.push({ file: plan.file, mode, seeds: [seed], places: [place] });
  }
  return tasks;
}

function playShare({ file, mode, seeds }: Task, options: PlayOptions): Promise<Shared> {
  const args = [
    ...process.execArgv,
    process.argv[1]!,
    'play',
    file,
    '--json',
    '--mode',
    mode,
    '--seeds',
    seeds.join(','),
  ];
  if (options.checkDeterminism === true) args.push('--check-determinism');
  if (options.ledger === true) args.push('--ledger');
  if (options.bail === true) args.push('--bail');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const parts: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => parts.push(part));
    child.on('error', (error) => reject(new CouldNotRun(`a worker could not be started: ${error.message}`)));
    child.on('close', (code) => {
      const text = Buffer.concat(parts).toString('utf8');
      if (text === '') return reject(new CouldNotRun(`a worker ended with code ${code} and said nothing`));
      const reports = JSON.parse(text) as Report | readonly Report[];
      resolve({ reports: Array.isArray(reports) ? reports : [reports as Report], codes: [(code ?? 3) as ExitCode] });
    });
  });
}
