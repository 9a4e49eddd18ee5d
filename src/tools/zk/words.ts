/** Four-letter words: `zk mntr`, `zk mntr zk-2`, `zk srvr all`. */
import { nearest } from '../../config/nearest.ts';
import type { WordOutcome } from '../../coordinator/zookeeper/client/four-letter-word.ts';
import { wordNamed } from '../../coordinator/zookeeper/ensemble/four-letter/index.ts';
import { called, type Steps } from '../kafka/steps.ts';
import { CliError } from './failure.ts';
import { serverCalled } from './servers.ts';
import type { ZkShell } from './shell.ts';

/** As long as a monitor waits. */
const TIMEOUT_US = 10_000_000;

/** Which servers a line asks for a word; undefined: it is a line of zkCli. `stat /path` is. */
export function serversAsked(
  shell: ZkShell,
  [word = '', name, ...more]: readonly string[],
): readonly string[] | undefined {
  if (wordNamed(word) === undefined) return undefined;
  const { servers } = shell;
  if (name === undefined) return [shell.server ?? servers[0]!];
  if (more.length === 0 && name === 'all') return servers;
  const server = name === 'leader' ? shell.cluster.model.quorum.leader : serverCalled(servers, name);
  if (server !== undefined && more.length === 0) return [server];
  if (word === 'stat') return undefined;
  const meant = nearest(name, servers);
  const hint =
    meant === undefined ? `the servers are ${servers.join(', ')}, and leader; all asks each` : `did you mean ${meant}?`;
  throw new CliError([`zk ${word} takes one server: there is no ${[name, ...more].join(' ')}`], hint);
}

/** Throws `CliError` where one of them says nothing. */
export function* askWord(
  shell: ZkShell,
  word: string,
  servers: readonly string[],
  print: (...lines: readonly string[]) => void,
): Steps<void> {
  const silent: string[] = [];
  for (const server of servers) {
    const outcome = yield* called<WordOutcome>((done) =>
      shell.cluster.operator.fourLetterWord(server, { word, timeoutUs: TIMEOUT_US }, done),
    );
    if (servers.length > 1) print(`zk: ${server}`);
    if (outcome.kind === 'answered') print(...outcome.text.replace(/\n$/, '').split('\n'));
    else if (servers.length > 1) print(failure(server, outcome.error));
    if (outcome.kind === 'failed') silent.push(failure(server, outcome.error));
  }
  if (silent.length > 0) throw new CliError(servers.length > 1 ? [] : silent);
}

function failure(server: string, error: string): string {
  return error === 'silent'
    ? `${server} did not answer within 10 s`
    : `${server} cannot be reached: connection ${error}`;
}
