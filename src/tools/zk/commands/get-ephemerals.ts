import { OpCode } from '../../../coordinator/zookeeper/ensemble/codes.ts';
import type { ZkCommand } from '../command.ts';
import { checkPath } from '../paths.ts';

export const getEphemerals: ZkCommand = {
  name: 'getEphemerals',
  usage: 'path',
  about: 'lists the ephemerals of this session, or those whose paths begin so',
  completes: 'path',
  examples: ['getEphemerals', 'getEphemerals /locks'],
  differs: 'The list is sorted; that of the real one is in no order.',
  *run({ args, shell, print }) {
    const path = args.words[0] ?? '/';
    checkPath(path);
    const { ephemerals = [] } = yield* shell.asked({ type: OpCode.getEphemerals, path }, path);
    print(`[${[...ephemerals].sort().join(', ')}]`);
  },
};
