import { OpCode } from '../../../coordinator/zookeeper/ensemble/codes.ts';
import type { ZkCommand } from '../command.ts';
import { checkPath } from '../paths.ts';

export const getAllChildrenNumber: ZkCommand = {
  name: 'getAllChildrenNumber',
  usage: 'path',
  about: 'counts everything below a znode',
  least: 1,
  completes: 'path',
  examples: ['getAllChildrenNumber /brokers'],
  *run({ args, shell, print }) {
    checkPath(args.path);
    const { total } = yield* shell.asked({ type: OpCode.getAllChildrenNumber, path: args.path }, args.path);
    print(String(total));
  },
};
