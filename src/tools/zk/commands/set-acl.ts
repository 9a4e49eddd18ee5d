import { OpCode, ZkCode } from '../../../coordinator/zookeeper/ensemble/codes.ts';
import { readAcl } from '../acl-text.ts';
import type { ZkCommand } from '../command.ts';
import { keeperMessage } from '../failure.ts';
import { checkPath } from '../paths.ts';
import { statLines } from '../stat.ts';
import { visit } from '../visit.ts';

export const setAcl: ZkCommand = {
  name: 'setAcl',
  usage: '[-s] [-v version] [-R] path acl',
  about: 'says who may do what to a znode. Nothing is inherited, and whoever locks everybody out has done so for good',
  options: [
    { name: 's', about: 'and shows its stat' },
    { name: 'v', value: 'version', about: 'only if the list has this version' },
    { name: 'R', about: 'of everything below it, too' },
  ],
  least: 2,
  completes: 'path',
  examples: ['setAcl /app world:anyone:r,auth::cdrwa', 'setAcl /app ip:127.0.0.1:cdrwa'],
  *run({ args, shell, print, spoil }) {
    const [path = '', text = ''] = args.words;
    const version = args.integer('v') ?? -1;
    const acl = readAcl(text, print);
    checkPath(path);
    const of = (one: string) => ({ type: OpCode.setACL, path: one, acl, version }) as const;
    if (args.has('R'))
      return yield* visit(shell, path, false, function* (one) {
        const { err } = yield* shell.ask(of(one));
        if (err === ZkCode.OK) return;
        print(keeperMessage(err, one));
        spoil();
      });
    const { stat } = yield* shell.asked(of(path), path);
    if (args.has('s') && stat !== undefined) print(...statLines(stat));
  },
};
