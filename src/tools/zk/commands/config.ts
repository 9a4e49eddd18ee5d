import { OpCode, ZkCode } from '../../../coordinator/zookeeper/ensemble/codes.ts';
import { CONFIG_PATH } from '../../../coordinator/zookeeper/ensemble/data-tree.ts';
import type { ZkCommand } from '../command.ts';
import { CliError, keeperError } from '../failure.ts';
import { statLines } from '../stat.ts';
import { dataLines } from './get.ts';

export const config: ZkCommand = {
  name: 'config',
  usage: '[-c] [-w] [-s]',
  about: 'shows which servers the ensemble has',
  options: [
    { name: 'c', about: 'only what clients need: a version, and addresses' },
    { name: 'w', about: 'and leaves a watch' },
    { name: 's', about: 'and shows the stat' },
  ],
  examples: ['config', 'config -c'],
  *run({ args, shell, print }) {
    const request = { type: OpCode.getData, path: CONFIG_PATH, watch: args.has('w') } as const;
    const { data = null, stat } = yield* shell.asked(request, CONFIG_PATH);
    const lines = dataLines(data);
    print(...(args.has('c') ? [forClients(lines)] : lines));
    if (args.has('s') && stat !== undefined) print(...statLines(stat));
  },
};

/** `0 zk-1:2181,zk-2:2181`. */
function forClients(lines: readonly string[]): string {
  const version = lines.find((line) => line.startsWith('version='))?.slice('version='.length) ?? '';
  const servers = lines.filter((line) => line.startsWith('server.')).map((line) => line.split(';')[1] ?? '');
  return `${version} ${servers.join(',')}`;
}

export const reconfig: ZkCommand = {
  name: 'reconfig',
  usage:
    '[-s] [-v version] [[-file path] | [-members serverID=host:port1:port2;port3[,...]*]] | [-add serverId=host:port1:port2;port3[,...]]* [-remove serverId[,...]*]',
  about: 'changes the ensemble; refused here, as by servers without reconfigEnabled',
  options: [
    { name: 's', about: 'and shows the stat' },
    { name: 'v', value: 'version', about: 'only if the configuration has this version' },
    { name: 'file', value: 'path', about: 'the servers, from a file' },
    { name: 'members', value: 'servers', about: 'the servers' },
    { name: 'add', value: 'servers', about: 'servers that join' },
    { name: 'remove', value: 'numbers', about: 'servers that leave' },
  ],
  examples: ['reconfig -remove 3'],
  differs: 'The servers of a cluster are those that it began with; kill and start them instead.',
  *run({ args, shell }) {
    const whole = args.has('file') || args.has('members');
    const steps = args.has('add') || args.has('remove');
    if (!whole && !steps) throw new CliError([`reconfig ${reconfig.usage}`]);
    if (whole && steps)
      throw new CliError([
        "Can't use -file or -members together with -add or -remove (mixing incremental and non-incremental modes is not allowed)",
      ]);
    yield* shell.asked({ type: OpCode.exists, path: CONFIG_PATH, watch: false }, null);
    throw keeperError(ZkCode.RECONFIG_DISABLED, null, 'the servers of a cluster are those that it began with');
  },
};
