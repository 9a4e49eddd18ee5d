import type { ZkCommand } from '../command.ts';
import { notConnected } from '../not-connected.ts';

/** What the real one shows: itself, and ten before. */
const SHOWN = 11;

export const history: ZkCommand = {
  name: 'history',
  usage: '',
  about: `the latest ${SHOWN} lines of this session of zk, with their numbers`,
  offline: true,
  examples: ['history'],
  run({ shell, print }) {
    const first = Math.max(0, shell.history.length - SHOWN);
    print(...shell.history.slice(first).map((line, index) => `${first + index} - ${line}`));
    if (!shell.isAlive) throw notConnected();
    return undefined;
  },
};
