import { OpCode } from '../../../coordinator/zookeeper/ensemble/codes.ts';
import type { ZkCommand } from '../command.ts';
import { checkPath } from '../paths.ts';
import { statLines } from '../stat.ts';
import { visit } from '../visit.ts';
import { deprecatedWatch } from './deprecated.ts';

export const ls: ZkCommand = {
  name: 'ls',
  usage: '[-s] [-w] [-R] path',
  about: 'lists the children of a znode',
  options: [
    { name: 's', about: 'and shows its stat' },
    { name: 'w', about: 'and leaves a watch: the next change of its children is told, once' },
    { name: 'R', about: 'lists everything below it, a path a line' },
  ],
  least: 1,
  completes: 'path',
  examples: ['ls /brokers/ids', 'ls -R /brokers/topics', 'ls -w /brokers/ids'],
  *run(call) {
    const { args, shell, print } = call;
    const watch = args.has('w') || deprecatedWatch(call, 'ls [-w] path');
    checkPath(args.path);
    if (args.has('R')) return yield* visit(shell, args.path, watch, (path) => void print(path));
    const request = { type: OpCode.getChildren2, path: args.path, watch } as const;
    const { children = [], stat } = yield* shell.asked(request, args.path);
    print(`[${[...children].sort().join(', ')}]`);
    if (args.has('s') && stat !== undefined) print(...statLines(stat));
  },
};
