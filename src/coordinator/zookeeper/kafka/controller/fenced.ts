/**
 * The controller's writes. Each is a multi whose first operation checks that `/controller_epoch` is still what it was when this
 * controller was elected: like a key that the landlord changes with every tenant. A zombie finds itself locked out at its first write.
 */
import { checkOp } from '../../client/ops.ts';
import { ZkCode } from '../../ensemble/codes.ts';
import type { MultiOp, OpResult } from '../../ensemble/messages.ts';
import type { Task } from '../task.ts';
import type { ZkAccess } from '../zk-access.ts';
import { CONTROLLER_EPOCH_PATH } from '../znodes.ts';

/** Somebody else is the controller now (ControllerMovedException). Thrown into tasks; the event queue catches it. */
export class ControllerMoved extends Error {
  readonly path: string;

  constructor(path: string) {
    super(`the controller moved; the write to ${path} was refused`);
    this.name = 'ControllerMoved';
    this.path = path;
  }
}

/** Writes all or nothing; the first error among the operations, or OK. */
export function* fencedWrite(
  zk: ZkAccess,
  epochZkVersion: number,
  ops: readonly MultiOp[],
): Task<{ readonly err: number; readonly results: readonly OpResult[] }> {
  const { err, results } = yield* zk.multi([checkOp(CONTROLLER_EPOCH_PATH, epochZkVersion), ...ops]);
  const [check] = results;
  if (check !== undefined && check.err !== ZkCode.OK && check.err !== ZkCode.RUNTIME_INCONSISTENCY) {
    throw new ControllerMoved(ops[0]?.path ?? CONTROLLER_EPOCH_PATH);
  }
  return { err, results: results.slice(1) };
}
