import type { ZkCommand } from '../command.ts';

export const close: ZkCommand = {
  name: 'close',
  usage: '',
  about: 'ends the session: its ephemerals are gone, and nothing goes until `zk connect`',
  examples: ['close'],
  *run({ shell }) {
    yield* shell.close();
  },
};

export const quit: ZkCommand = {
  name: 'quit',
  usage: '',
  about: 'ends the session; the next command begins another',
  offline: true,
  examples: ['quit'],
  *run({ shell }) {
    if (shell.isAlive) yield* shell.close();
    shell.renew();
  },
};
