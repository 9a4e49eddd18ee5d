import { OpCode, ZkCode } from '../../../coordinator/zookeeper/ensemble/codes.ts';
import { WatcherType } from '../../../coordinator/zookeeper/ensemble/messages.ts';
import type { ZkCommand } from '../command.ts';
import { checkPath } from '../paths.ts';

export const removewatches: ZkCommand = {
  name: 'removewatches',
  usage: 'path [-c|-d|-a] [-l]',
  about: 'takes away the watches of this session on a path',
  options: [
    { name: 'c', about: 'those of its children' },
    { name: 'd', about: 'those of its data' },
    { name: 'a', about: 'all of them, the lasting ones too; so it is without an option' },
    { name: 'l', about: 'even if no server can be told' },
  ],
  least: 1,
  completes: 'path',
  examples: ['removewatches /controller', 'removewatches /brokers/ids -c'],
  *run({ args, shell }) {
    const { path } = args;
    const watcherType = args.has('c') ? WatcherType.children : args.has('d') ? WatcherType.data : WatcherType.any;
    checkPath(path);
    const { err } = yield* shell.ask({ type: OpCode.removeWatches, path, watcherType });
    if (err !== ZkCode.OK && !(args.has('l') && err === ZkCode.CONNECTION_LOSS)) throw shell.error(err, path);
    shell.forgetWatches(path, watcherType);
  },
};
