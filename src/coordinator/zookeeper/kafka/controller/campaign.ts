/** How a broker becomes the controller: it creates `/controller` and raises `/controller_epoch`, both or neither. */
import type { Context } from '../../../../kernel/api.ts';
import { createOp, setDataOp } from '../../client/ops.ts';
import { ZkCode } from '../../ensemble/codes.ts';
import { CreateFlag } from '../../ensemble/messages.ts';
import { zookeeperModeEvents } from '../events.ts';
import type { Task } from '../task.ts';
import type { ZkAccess } from '../zk-access.ts';
import {
  CONTROLLER_EPOCH_PATH,
  CONTROLLER_PATH,
  decodeController,
  encodeController,
  fromBytes,
  toBytes,
} from '../znodes.ts';

export interface Won {
  readonly epoch: number;
  /** Version of `/controller_epoch` after the election. */
  readonly zkVersion: number;
}

/** Who is the controller, -1 if nobody is. Leaves a watch in either case. */
export function* currentController(zk: ZkAccess): Task<number> {
  const { err } = yield* zk.exists(CONTROLLER_PATH, true);
  if (err !== ZkCode.OK) return -1;
  const { data } = yield* zk.getData(CONTROLLER_PATH);
  return decodeController(data);
}

/** Null if somebody was faster. The first controller has epoch 1. */
export function* campaign(zk: ZkAccess, brokerId: number, context: Context): Task<Won | null> {
  const { epoch, version } = yield* currentEpoch(zk);
  const won = { epoch: epoch + 1, zkVersion: version + 1 };
  const { err } = yield* zk.multi([
    createOp(CONTROLLER_PATH, encodeController(brokerId, context.wallMs()), CreateFlag.ephemeral),
    setDataOp(CONTROLLER_EPOCH_PATH, toBytes(String(won.epoch)), version),
  ]);
  if (err === ZkCode.OK) return won;
  // After a broken connection it may be its own success that stands in the way.
  const now = yield* currentEpoch(zk);
  const { data, stat } = yield* zk.getData(CONTROLLER_PATH);
  const mine = stat?.ephemeralOwner === zk.sessionId && decodeController(data) === brokerId;
  if (mine && now.epoch === won.epoch) return won;
  context.emit(zookeeperModeEvents['controller-election-lost'], [won.epoch]);
  return null;
}

function* currentEpoch(zk: ZkAccess): Task<{ readonly epoch: number; readonly version: number }> {
  for (;;) {
    const { err, data, stat } = yield* zk.getData(CONTROLLER_EPOCH_PATH);
    if (err === ZkCode.OK && stat !== null) return { epoch: Number(fromBytes(data)), version: stat.version };
    yield* zk.create(CONTROLLER_EPOCH_PATH, toBytes('0'));
  }
}
