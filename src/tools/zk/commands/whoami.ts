import { OpCode } from '../../../coordinator/zookeeper/ensemble/codes.ts';
import type { ZkCommand } from '../command.ts';

export const whoami: ZkCommand = {
  name: 'whoami',
  usage: '',
  about: 'lists what this connection has shown to be',
  examples: ['whoami'],
  *run({ shell, print }) {
    const { identities = [] } = yield* shell.asked({ type: OpCode.whoAmI }, null);
    print('Auth scheme: User', ...identities.map(({ scheme, id }) => `${scheme}: ${id}`));
  },
};
