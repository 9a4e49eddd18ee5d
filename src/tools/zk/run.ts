/** Runs a line that begins with `zk`. */

import { nearest } from '../../config/nearest.ts';
import { WORDS } from '../../coordinator/zookeeper/ensemble/four-letter/index.ts';
import type { ToolError } from '../kafka/failure.ts';
import { runSteps, type Steps } from '../kafka/steps.ts';
import type { Reply, Session } from '../session.ts';
import type { ZkCall, ZkCommand } from './command.ts';
import { CliError } from './failure.ts';
import { zkHelp } from './help.ts';
import { COMMANDS, commandNamed } from './index.ts';
import { notConnected } from './not-connected.ts';
import { readOperands, wordsOf } from './operands.ts';
import { askWord, serversAsked } from './words.ts';

/** What we say beside the real one's words. */
export const ASIDE = 'zk: ';

/** Runs the line if its first word is `zk`, and returns the giving up; undefined, and nothing happens, if not. */
export function zkTool(session: Session, line: string, done: (reply: Reply) => void): (() => void) | undefined {
  const text = commandIn(line);
  if (text === undefined) return undefined;
  if (session.cluster.mode === 'kraft') return said(done, false, IN_KRAFT);
  const words = wordsOf(text);
  const [name = ''] = words;
  if (name === '') return said(done, false, ['zk takes a command of zkCli, such as `zk ls /`; `help zk` lists them']);
  if (name === 'help') {
    const help = zkHelp(words[1]);
    return said(done, help.ok, help.lines);
  }
  return runCommand(session, text, words, done);
}

/** What stands behind `zk`, behind `zkCli.sh` and its options, or behind `zookeeper-shell` and its address. */
function commandIn(line: string): string | undefined {
  const [, tool, rest = ''] = /^(?:\S*\/)?(zk|zkCli|zookeeper-shell)(?:\.sh|\.bat)?(?:\s+(.*))?$/s.exec(line) ?? [];
  switch (tool) {
    case undefined:
      return undefined;
    case 'zk':
      return rest.trim();
    default:
      return rest
        .replace(
          /^(?:[\w.-]+:\d+(?:,[\w.-]+:\d+)*\s+)?(?:-(?:server|timeout)\s+\S+\s*|-(?:r|waitforconnection)\s+)*/,
          '',
        )
        .trim();
  }
}

function said(done: (reply: Reply) => void, ok: boolean, lines: readonly string[]): () => void {
  done({ ok, lines });
  return nothing;
}

function nothing(): void {}

const IN_KRAFT: readonly string[] = [
  'zk: there is no ZooKeeper in KRaft mode: the controllers keep the metadata in a log of their own',
  'zk: `kafka-metadata-quorum describe --status` shows their quorum; `--mode zookeeper` starts a cluster that has an ensemble',
];

function runCommand(
  session: Session,
  text: string,
  words: readonly string[],
  done: (reply: Reply) => void,
): () => void {
  const lines: string[] = [];
  let ok = true;
  const end = (): void => done({ ok, lines });
  const failed = (error: ToolError): void => {
    ok = false;
    if (error instanceof CliError)
      lines.push(...error.lines, ...(error.hint === undefined ? [] : [`${ASIDE}${error.hint}`]));
    else lines.push(error.message);
    end();
  };
  const run: Run = {
    print: (...more) => void lines.push(...more),
    spoil: () => {
      ok = false;
    },
  };
  const entered = enter(session, text, words, run);
  runSteps(entered, end, failed);
  // What was asked is asked; whoever gives it up does not hear the answer.
  return () => void entered.return();
}

type Run = Pick<ZkCall, 'print' | 'spoil'>;

/** A line with a mistake in its first word does nothing at all; any other is remembered. */
function* enter(session: Session, text: string, words: readonly string[], run: Run): Steps<void> {
  const asked = serversAsked(session.zk, words);
  if (asked !== undefined) {
    session.begin(`zk ${text}`);
    return yield* askWord(session.zk, words[0]!, asked, run.print);
  }
  const command = found(words[0] ?? '');
  session.begin(`zk ${text}`);
  session.zk.history.push(text);
  yield* perform(session, command, words, run);
}

function* perform(session: Session, command: ZkCommand, words: readonly string[], run: Run): Steps<void> {
  const { zk: shell } = session;
  if (!shell.isAlive && command.offline !== true) throw notConnected();
  const steps = command.run({
    ...run,
    command,
    shell,
    args: readOperands(words, command),
    *again(line) {
      const again = wordsOf(line);
      yield* perform(session, found(again[0] ?? ''), again, run);
    },
  });
  if (steps !== undefined) yield* steps;
}

function found(name: string): ZkCommand {
  const command = commandNamed(name);
  if (command !== undefined) return command;
  const meant = nearest(
    name,
    [...COMMANDS, ...WORDS].map((known) => known.name),
  );
  throw new CliError(
    [`Command not found: Command not found ${name}`],
    meant === undefined ? '`help zk` lists the commands' : `did you mean ${meant}?`,
  );
}
