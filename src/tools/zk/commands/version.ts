import { VERSION } from '../../../coordinator/zookeeper/ensemble/version.ts';
import type { ZkCommand } from '../command.ts';

export const version: ZkCommand = {
  name: 'version',
  usage: '',
  most: 0,
  about: 'which version of ZooKeeper is simulated',
  examples: ['version'],
  run({ print }) {
    print(`ZooKeeper CLI version: ${VERSION}`);
    return undefined;
  },
};
