import { OpCode } from '../../../coordinator/zookeeper/ensemble/codes.ts';
import type { ZkCommand } from '../command.ts';
import { checkPath } from '../paths.ts';
import { statLines } from '../stat.ts';
import { deprecatedWatch } from './deprecated.ts';

export const get: ZkCommand = {
  name: 'get',
  usage: '[-s] [-w] path',
  about: 'shows the data of a znode; `null` where there is none, which is not the same as empty',
  options: [
    { name: 's', about: 'and its stat' },
    { name: 'w', about: 'and leaves a watch: its next change, or its end, is told, once' },
  ],
  least: 1,
  completes: 'path',
  examples: ['get /controller', 'get -s /brokers/topics/orders/partitions/0/state', 'get -w /controller'],
  *run(call) {
    const { args, shell, print } = call;
    const watch = args.has('w') || deprecatedWatch(call, 'get [-s] [-w] path');
    checkPath(args.path);
    const { data = null, stat } = yield* shell.asked({ type: OpCode.getData, path: args.path, watch }, args.path);
    print(...dataLines(data));
    if (args.has('s') && stat !== undefined) print(...statLines(stat));
  },
};

export function dataLines(data: Uint8Array | null): readonly string[] {
  return data === null ? ['null'] : decoder.decode(data).split('\n');
}

const decoder = new TextDecoder();
