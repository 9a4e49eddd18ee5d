import { OpCode } from '../../../coordinator/zookeeper/ensemble/codes.ts';
import { WatchMode } from '../../../coordinator/zookeeper/ensemble/messages.ts';
import { usageOf, type ZkCommand } from '../command.ts';
import { CliError } from '../failure.ts';
import { checkPath } from '../paths.ts';

const MODES: ReadonlyMap<string, number> = new Map([
  ['PERSISTENT', WatchMode.persistent],
  ['PERSISTENT_RECURSIVE', WatchMode.persistentRecursive],
]);

export const addWatch: ZkCommand = {
  name: 'addWatch',
  usage: `[-m mode] path # optional mode is one of [${[...MODES.keys()].join(', ')}] - default is PERSISTENT_RECURSIVE`,
  about: 'leaves a watch that lasts: every change is told, of what is below the path, too',
  options: [
    {
      name: 'm',
      value: 'mode',
      completes: [...MODES.keys()],
      about: 'PERSISTENT_RECURSIVE, or PERSISTENT: of the path alone, and of its children',
    },
  ],
  least: 1,
  completes: 'path',
  examples: ['addWatch /brokers/topics', 'addWatch -m PERSISTENT /controller'],
  *run({ command, args, shell }) {
    const mode = MODES.get((args.get('m') ?? 'PERSISTENT_RECURSIVE').toUpperCase());
    if (mode === undefined) throw new CliError([usageOf(command)]);
    checkPath(args.path);
    yield* shell.asked({ type: OpCode.addWatch, path: args.path, mode }, args.path);
  },
};
