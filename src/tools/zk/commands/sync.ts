import { OpCode, ZkCode } from '../../../coordinator/zookeeper/ensemble/codes.ts';
import type { ZkCommand } from '../command.ts';
import { checkPath } from '../paths.ts';

export const sync: ZkCommand = {
  name: 'sync',
  usage: 'path',
  about: 'waits until the server of the session has all that the leader had committed: what is read next is no older',
  least: 1,
  completes: 'path',
  examples: ['sync /'],
  *run({ args, shell, print, spoil }) {
    checkPath(args.path);
    const { err } = yield* shell.ask({ type: OpCode.sync, path: args.path });
    print(err === ZkCode.OK ? 'Sync is OK' : `Sync has failed. rc=${err}`);
    if (err !== ZkCode.OK) spoil();
  },
};
