import { OpCode, ZkCode } from '../../../coordinator/zookeeper/ensemble/codes.ts';
import type { Steps } from '../../kafka/steps.ts';
import type { ZkCall, ZkCommand } from '../command.ts';
import { checkPath, childOf } from '../paths.ts';
import { statLines } from '../stat.ts';
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
    if (args.has('R')) return yield* listAll(call, watch);
    const request = { type: OpCode.getChildren2, path: args.path, watch } as const;
    const { children = [], stat } = yield* shell.asked(request, args.path);
    print(`[${[...children].sort().join(', ')}]`);
    if (args.has('s') && stat !== undefined) print(...statLines(stat));
  },
};

/** The children of a znode before what is below them (ZKUtil.visitSubTreeDFS). What vanishes meanwhile is passed over. */
function* listAll({ args, shell, print }: ZkCall, watch: boolean): Steps<void> {
  yield* shell.asked({ type: OpCode.getData, path: args.path, watch }, args.path);
  print(args.path);
  yield* below(args.path);

  function* below(path: string): Steps<void> {
    const { err, body } = yield* shell.ask({ type: OpCode.getChildren2, path, watch });
    if (err === ZkCode.NO_NODE) return;
    if (err !== ZkCode.OK) throw shell.error(err, path);
    const paths = [...(body?.children ?? [])].sort().map((name) => childOf(path, name));
    print(...paths);
    for (const child of paths) yield* below(child);
  }
}
