import { OpCode } from '../../../coordinator/zookeeper/ensemble/codes.ts';
import { CreateFlag } from '../../../coordinator/zookeeper/ensemble/messages.ts';
import type { ZkCommand } from '../command.ts';
import { checkPath } from '../paths.ts';

export const create: ZkCommand = {
  name: 'create',
  usage: '[-s] [-e] [-c] [-t ttl] path [data] [acl]',
  about: 'creates a znode',
  options: [
    { name: 's', about: 'sequential: ten digits are put behind the path, counted by its parent' },
    { name: 'e', about: 'ephemeral: it ends with this session' },
  ],
  least: 1,
  completes: 'path',
  examples: ['create /app {"retries":3}', 'create -e /lock me', 'create -s -e /locks/l- me'],
  *run({ args, shell, print }) {
    const [path = '', data] = args.words;
    const flags = (args.has('e') ? CreateFlag.ephemeral : 0) | (args.has('s') ? CreateFlag.sequential : 0);
    checkPath(path, args.has('s'));
    const bytes = data === undefined ? null : encoder.encode(data);
    const { path: created } = yield* shell.asked({ type: OpCode.create, path, data: bytes, flags }, path);
    print(`Created ${created}`);
  },
};

const encoder = new TextEncoder();
