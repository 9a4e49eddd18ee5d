import { nearest } from '../../../config/nearest.ts';
import { OpCode } from '../../../coordinator/zookeeper/ensemble/codes.ts';
import type { ZkCommand } from '../command.ts';
import { CliError } from '../failure.ts';
import { serverCalled } from '../servers.ts';

export const connect: ZkCommand = {
  name: 'connect',
  usage: 'host:port',
  about: 'ends the session and begins another, with one of the servers only, or with any of them',
  offline: true,
  completes: 'server',
  examples: ['connect', 'connect zk-2'],
  differs: 'It waits until the session stands, or the first try has failed; the real one goes on at once.',
  *run({ args, shell }) {
    const [name] = args.words;
    const servers =
      name === undefined ? shell.servers : [serverCalled(shell.servers, name) ?? unknown(name, shell.servers)];
    yield* shell.connect(servers);
    yield* shell.ask({ type: OpCode.exists, path: '/', watch: false });
  },
};

function unknown(name: string, servers: readonly string[]): never {
  const meant = nearest(name, servers);
  const hint = meant === undefined ? `the servers are ${servers.join(', ')}` : `did you mean ${meant}?`;
  throw new CliError([`there is no server ${name}`], hint);
}
