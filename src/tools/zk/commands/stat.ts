import { OpCode } from '../../../coordinator/zookeeper/ensemble/codes.ts';
import type { ZkCommand } from '../command.ts';
import { checkPath } from '../paths.ts';
import { statLines } from '../stat.ts';
import { deprecatedWatch } from './deprecated.ts';

export const stat: ZkCommand = {
  name: 'stat',
  usage: '[-w] path',
  about: 'shows the stat of a znode. Without a path `zk stat` is the four-letter word',
  options: [{ name: 'w', about: 'and leaves a watch, even where there is no znode: then its creation is told' }],
  least: 1,
  completes: 'path',
  examples: ['stat /controller', 'stat -w /admin/reassign_partitions'],
  *run(call) {
    const { args, shell, print } = call;
    const watch = args.has('w') || deprecatedWatch(call, 'stat [-w] path');
    checkPath(args.path);
    const { stat: found } = yield* shell.asked({ type: OpCode.exists, path: args.path, watch }, args.path);
    if (found !== undefined) print(...statLines(found));
  },
};
