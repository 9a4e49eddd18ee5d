import { OpCode, ZkCode } from '../../coordinator/zookeeper/ensemble/codes.ts';
import type { Steps } from '../kafka/steps.ts';
import { childOf } from './paths.ts';
import type { ZkShell } from './shell.ts';

/**
 * Every path of a subtree: the children of a znode, sorted, before what is below them (ZKUtil.visitSubTreeDFS). What vanishes meanwhile
 * is passed over. Throws `CliError` for a znode that is not there, or may not be read.
 */
export function* visit(
  shell: ZkShell,
  path: string,
  watch: boolean,
  each: (path: string) => Steps<void> | undefined,
): Steps<void> {
  yield* shell.asked({ type: OpCode.getData, path, watch }, path);
  yield* seen(path);
  yield* below(path);

  function* seen(one: string): Steps<void> {
    const steps = each(one);
    if (steps !== undefined) yield* steps;
  }

  function* below(parent: string): Steps<void> {
    const { err, body } = yield* shell.ask({ type: OpCode.getChildren2, path: parent, watch });
    if (err === ZkCode.NO_NODE) return;
    if (err !== ZkCode.OK) throw shell.error(err, parent);
    const paths = [...(body?.children ?? [])].sort().map((name) => childOf(parent, name));
    for (const child of paths) yield* seen(child);
    for (const child of paths) yield* below(child);
  }
}
