/** The broker's side of a controlled shutdown (KafkaServer.controlledShutdown): it asks until it leads nothing, or has asked too often. */
import type { Context } from '../../../kernel/api.ts';
import { ControlledShutdown, type ControlledShutdownResponse } from '../../../protocol/apis/07-controlled-shutdown.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import { ZkCode } from '../ensemble/codes.ts';
import type { BrokerChannels } from './broker-channels.ts';
import type { ZooKeeperModeSettings } from './settings.ts';
import { type Task, until } from './task.ts';
import type { ZkAccess } from './zk-access.ts';
import { brokerPath, CONTROLLER_PATH, decodeBroker, decodeController } from './znodes.ts';

const VERSION = 3;

export interface Leaving {
  readonly context: Context;
  readonly zk: ZkAccess;
  readonly channels: BrokerChannels;
  readonly settings: ZooKeeperModeSettings;
  readonly brokerId: number;
  readonly brokerEpoch: () => number;
}

export function* leave(leaving: Leaving): Task<void> {
  const { context, settings } = leaving;
  for (let left = settings.controlledShutdownRetries; left > 0; left--) {
    if (yield* attempt(leaving)) return;
    if (left > 1) {
      yield* until<undefined>((resume) => {
        context.after(settings.controlledShutdownBackoffMs * 1000, resume, undefined);
      });
    }
  }
}

function* attempt({ zk, channels, brokerId, brokerEpoch }: Leaving): Task<boolean> {
  const { err, data } = yield* zk.getData(CONTROLLER_PATH);
  if (err !== ZkCode.OK) return false;
  const controllerId = decodeController(data);
  const found = yield* zk.getData(brokerPath(controllerId));
  const controller = found.err === ZkCode.OK ? decodeBroker(controllerId, found.data) : undefined;
  if (controller === undefined) return false;
  const response = yield* until<ControlledShutdownResponse | null>((resume) => {
    const body = ControlledShutdown.request.make({ brokerId, brokerEpoch: brokerEpoch() });
    const answered = (_: undefined, answer: unknown): void => resume(answer as ControlledShutdownResponse | null);
    channels.toNode(controller.node).send(ControlledShutdown, VERSION, body, answered, undefined);
  });
  return response !== null && response.errorCode === ErrorCode.NONE && response.remainingPartitions.length === 0;
}
