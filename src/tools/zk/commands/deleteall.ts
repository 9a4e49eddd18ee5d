import { OpCode, ZkCode } from '../../../coordinator/zookeeper/ensemble/codes.ts';
import type { MultiOp } from '../../../coordinator/zookeeper/ensemble/messages.ts';
import type { Steps } from '../../kafka/steps.ts';
import type { ZkCommand } from '../command.ts';
import { checkPath, childOf } from '../paths.ts';
import type { ZkShell } from '../shell.ts';

/** Deletions in one multi (DeleteAllCommand). */
const BATCH = 1000;

export const deleteall: ZkCommand = {
  name: 'deleteall',
  usage: 'path [-b batch size]',
  about: 'deletes a znode with everything below it',
  options: [{ name: 'b', value: 'batch size', about: `so many in one transaction; ${BATCH} if left out` }],
  least: 1,
  completes: 'path',
  examples: ['deleteall /app', 'deleteall /admin/reassign_partitions'],
  *run({ args, shell, print, spoil }) {
    const { path } = args;
    const batch = Math.max(1, args.integer('b') ?? BATCH);
    checkPath(path);
    const paths = yield* tree(shell, path);
    let failed = false;
    for (let end = paths.length; end > 0; end -= batch) {
      const ops = paths
        .slice(Math.max(0, end - batch), end)
        .reverse()
        .map((one): MultiOp => ({ type: OpCode.delete, path: one, version: -1 }));
      const { err, body } = yield* shell.ask({ type: OpCode.multi, ops });
      failed ||= err !== ZkCode.OK || (body?.results ?? []).some((result) => result.err !== ZkCode.OK);
    }
    if (!failed) return;
    print('Failed to delete some node(s) in the subtree!');
    spoil();
  },
};

/** All paths, level by level. */
function* tree(shell: ZkShell, path: string): Steps<readonly string[]> {
  const paths = [path];
  for (let at = 0; at < paths.length; at++) {
    const parent = paths[at]!;
    const { children = [] } = yield* shell.asked({ type: OpCode.getChildren2, path: parent, watch: false }, parent);
    paths.push(...children.map((name) => childOf(parent, name)));
  }
  return paths;
}
