import { OpCode } from '../../../coordinator/zookeeper/ensemble/codes.ts';
import { aclLines } from '../acl-text.ts';
import type { ZkCommand } from '../command.ts';
import { checkPath } from '../paths.ts';
import { statLines } from '../stat.ts';

export const getAcl: ZkCommand = {
  name: 'getAcl',
  usage: '[-s] path',
  about: 'shows who may do what to a znode: create, delete, read, write, admin',
  options: [{ name: 's', about: 'and shows its stat' }],
  least: 1,
  completes: 'path',
  examples: ['getAcl /app'],
  *run({ args, shell, print }) {
    checkPath(args.path);
    const { acl = [], stat } = yield* shell.asked({ type: OpCode.getACL, path: args.path }, args.path);
    print(...aclLines(acl));
    if (args.has('s') && stat !== undefined) print(...statLines(stat));
  },
};
