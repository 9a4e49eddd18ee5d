/** `kzsim up --wait`: a cluster that goes on in the background, and a command that ends when it is ready. */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { ask } from '../../gateway/control/client.ts';
import { DEFAULT_NAME } from '../../gateway/control/names.ts';
import { NameTaken } from '../../gateway/control/server.ts';
import { connectTo, makeRuntimeFolder, runningNames } from '../../gateway/control/sockets.ts';
import { CouldNotRun } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { openOutput } from '../terminal/output.ts';

const POLL_MS = 20;
/** A cluster that is not ready by then will not be. */
const LIMIT_MS = 60_000;
/** Of what it wrote before it ended, so many lines are shown. */
const MOST_SHOWN = 20;

/** Starts the same command again without `--wait`, and resolves when the cluster answers. */
export async function runInBackground(options: Readonly<Record<string, unknown>>): Promise<ExitCode> {
  const output = openOutput(options);
  const name = (options.name as string | undefined) ?? DEFAULT_NAME;
  if ((await runningNames()).includes(name)) throw new CouldNotRun(new NameTaken(name).message);
  const log = join(makeRuntimeFolder(), `${name}.log`);
  const descriptor = openSync(log, 'w', 0o600);
  const given = process.argv.slice(2).filter((argument) => argument !== '--wait' && argument !== '--json');
  const own = options.name === undefined ? ['--name', name] : [];
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1]!, ...given, ...own, '--plain'], {
    detached: true,
    stdio: ['ignore', descriptor, descriptor],
  });
  closeSync(descriptor);
  let ended: number | null | undefined;
  child.once('exit', (code) => {
    ended = code;
  });
  const deadlineMs = performance.now() + LIMIT_MS;
  while (!(await answers(name))) {
    if (ended !== undefined) {
      output.error(readFileSync(log, 'utf8').trimEnd().split('\n').slice(-MOST_SHOWN).join('\n'));
      return ended === EXIT.invalid ? EXIT.invalid : EXIT.couldNotRun;
    }
    if (performance.now() > deadlineMs) {
      child.kill();
      throw new CouldNotRun(`the cluster was not ready after ${LIMIT_MS / 1000} s; what it wrote is in ${log}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  child.unref();
  const environment = await ask(name, { do: 'env' });
  if (options.json === true) output.line(JSON.stringify({ name, ...(environment.data as object) }));
  else for (const line of environment.lines) output.line(line);
  output.note(`${name} runs in the background: \`kzsim ctl …\` breaks it, \`kzsim down\` ends it, its log is ${log}`);
  return EXIT.passed;
}

async function answers(name: string): Promise<boolean> {
  const socket = await connectTo(name);
  socket?.destroy();
  return socket !== undefined;
}
