import process from 'node:process';
import { createInterface } from 'node:readline';
import { attachChecker } from '../../checker/checker.ts';
import { Cluster } from '../../cluster/cluster.ts';
import { drive } from '../../gateway/pace.ts';
import { hostPorts } from '../../gateway/ports.ts';
import { completer } from '../../tools/complete.ts';
import { type Reply, Session } from '../../tools/session.ts';
import { readClusterOptions } from '../cluster-options.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { type Output, openOutput } from '../terminal/output.ts';

export async function runRepl(options: Readonly<Record<string, unknown>>): Promise<ExitCode> {
  const cluster = new Cluster(await readClusterOptions(options), hostPorts);
  const checker = attachChecker(cluster.trace, cluster.world);
  cluster.model.ledger = () => checker.ledger();
  const session = new Session(cluster, checker);
  cluster.boot();
  const output = openOutput(options);
  if (process.stdin.isTTY === true && process.stdout.isTTY === true)
    return typed(session, options.speed as number, output);
  return script(session, options.keepGoing === true, output);
}

/** From a pipe: time passes only inside lines that wait, so that a script does the same each time. */
async function script(session: Session, keepGoing: boolean, output: Output): Promise<ExitCode> {
  let code: ExitCode = EXIT.passed;
  let number = 0;
  for await (const line of createInterface({ input: process.stdin })) {
    number += 1;
    const reply = finish(session, line);
    for (const text of reply.lines)
      (reply.ok ? output.line : output.error)(reply.ok ? text : `line ${number}: ${text}`);
    if (reply.exit === true) break;
    if (reply.ok) continue;
    code = EXIT.failed;
    if (!keepGoing) break;
  }
  return code;
}

/** Runs a line, and the world until the line has ended. */
export function finish(session: Session, line: string): Reply {
  let reply: Reply | undefined;
  session.execute(line, (ended) => {
    reply = ended;
  });
  while (reply === undefined)
    if (!session.cluster.world.step()) return { ok: false, lines: ['nothing more happens in this cluster'] };
  return reply;
}

/** On a terminal time runs on while one types; a line that waits leaves the prompt free. */
function typed(session: Session, speed: number, output: Output): Promise<ExitCode> {
  return new Promise((resolve, reject) => {
    const pace = drive(session.cluster.world, {
      speed,
      finished: () => false,
      onSlice() {},
      onEnd() {},
      onFailure: reject,
    });
    const complete = completer(session.cluster.catalog);
    const lines = createInterface({
      input: process.stdin,
      output: process.stdout,
      prompt: 'kzsim> ',
      removeHistoryDuplicates: true,
      completer(line: string): [string[], string] {
        const { start, items } = complete(line, line.length);
        return [[...items], line.slice(start)];
      },
    });
    lines.on('line', (line) =>
      session.execute(line, (reply) => {
        for (const text of reply.lines) output.line(reply.ok ? text : output.paints.red(text));
        if (reply.exit === true) lines.close();
        else lines.prompt();
      }),
    );
    // Ctrl-C gives up a line, not the session.
    lines.on('SIGINT', () => {
      output.line('');
      lines.prompt();
    });
    lines.on('close', () => {
      pace.stop();
      resolve(EXIT.passed);
    });
    lines.prompt();
  });
}
