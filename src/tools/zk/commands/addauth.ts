import { OpCode, ZkCode } from '../../../coordinator/zookeeper/ensemble/codes.ts';
import type { ZkCommand } from '../command.ts';

export const addauth: ZkCommand = {
  name: 'addauth',
  usage: 'scheme auth',
  about: 'shows who you are, from now on: any digest is taken; it opens what was closed for others with it',
  least: 1,
  completes: ['digest'],
  examples: ['addauth digest bob:secret'],
  differs: 'There is no super user.',
  *run({ args, shell, spoil }) {
    const [scheme = '', auth = ''] = args.words;
    shell.addCredentials(scheme, auth);
    // Whether they were taken is known when the next request is answered.
    const { err } = yield* shell.ask({ type: OpCode.whoAmI });
    if (err === ZkCode.AUTH_FAILED) spoil();
  },
};
