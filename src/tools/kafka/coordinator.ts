/** Who coordinates a group or a transactional id. */
import { FindCoordinator } from '../../protocol/apis/10-find-coordinator.ts';
import { ErrorCode, isRetriable } from '../../protocol/errors.ts';
import { exceptionOf } from './failure.ts';
import { ask, type Steps } from './steps.ts';
import type { ToolCall } from './tool.ts';

export interface Coordinator {
  readonly id: number;
  readonly host: string;
  readonly port: number;
}

const KEY_TYPE = { group: 0, transaction: 1 } as const;
const RETRY_US = 100_000;
const PATIENCE_US = 60_000_000;

/** Asks until there is one: the topic that it depends on may just be coming to be. */
export function* findCoordinator(
  { admin, cluster }: ToolCall,
  kind: keyof typeof KEY_TYPE,
  key: string,
): Steps<Coordinator> {
  const { world } = cluster;
  const deadlineUs = world.nowUs + PATIENCE_US;
  const body = FindCoordinator.request.make({ coordinatorKeys: [key], keyType: KEY_TYPE[kind] });
  for (;;) {
    const { coordinators } = yield* ask(admin, FindCoordinator, body, { kind: 'any' });
    const { errorCode, errorMessage, nodeId, host, port } = coordinators[0]!;
    if (errorCode === ErrorCode.NONE) return { id: nodeId, host, port };
    if (!isRetriable(errorCode) || world.nowUs > deadlineUs) throw exceptionOf(errorCode, errorMessage);
    yield (resume) => void world.at(world.nowUs + RETRY_US, resume, undefined);
  }
}
