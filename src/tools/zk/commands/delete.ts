import { OpCode } from '../../../coordinator/zookeeper/ensemble/codes.ts';
import type { ZkCommand } from '../command.ts';
import { checkPath } from '../paths.ts';

export const deleteNode: ZkCommand = {
  name: 'delete',
  usage: '[-v version] path',
  about: 'deletes a znode that has no children',
  options: [{ name: 'v', value: 'version', about: 'only if its data has this version' }],
  least: 1,
  completes: 'path',
  examples: ['delete /controller', 'delete -v 3 /app/lock'],
  *run({ args, shell, print }) {
    const version = args.integer('v') ?? -1;
    if (args.words.length > 1)
      print("'delete path [version]' has been deprecated. Please use 'delete [-v version] path' instead.");
    checkPath(args.path);
    yield* shell.asked({ type: OpCode.delete, path: args.path, version }, args.path);
  },
};
