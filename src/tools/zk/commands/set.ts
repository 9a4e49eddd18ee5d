import { OpCode } from '../../../coordinator/zookeeper/ensemble/codes.ts';
import type { ZkCommand } from '../command.ts';
import { checkPath } from '../paths.ts';
import { statLines } from '../stat.ts';

export const set: ZkCommand = {
  name: 'set',
  usage: '[-s] [-v version] path data',
  about: 'gives a znode other data',
  options: [
    { name: 's', about: 'and shows its stat' },
    { name: 'v', value: 'version', about: 'only if its data has this version' },
  ],
  least: 2,
  completes: 'path',
  examples: ['set /app/config {"retries":3}', 'set -v 4 /app/config done', 'set -s /app/config "two words"'],
  *run({ args, shell, print }) {
    const [path = '', data = ''] = args.words;
    const version = args.integer('v') ?? -1;
    checkPath(path);
    const request = { type: OpCode.setData, path, data: encoder.encode(data), version } as const;
    const { stat } = yield* shell.asked(request, path);
    if (args.has('s') && stat !== undefined) print(...statLines(stat));
  },
};

const encoder = new TextEncoder();
