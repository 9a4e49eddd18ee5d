/** Reads and conditional writes of state znodes. What was read and written is in the controller's memory afterwards. */
import { ErrorCode } from '../../../../protocol/errors.ts';
import { createOp, setDataOp } from '../../client/ops.ts';
import { ZkCode } from '../../ensemble/codes.ts';
import { all, type Task } from '../task.ts';
import { decodeState, encodeState, type Leadership, partitionPath, partitionsPath, statePath } from '../znodes.ts';
import { fencedWrite } from './fenced.ts';
import type { ControllerParts } from './parts.ts';
import type { ControlledPartition, KnownLeadership } from './state.ts';

/** The state znode as it is now, or null if there is none; also kept in memory. */
export function* readState({ zk }: ControllerParts, partition: ControlledPartition): Task<KnownLeadership | null> {
  const { err, data, stat } = yield* zk.getData(statePath(partition.topic, partition.partition));
  const found = err === ZkCode.OK && stat !== null ? decodeState(data) : undefined;
  partition.leadership = found === undefined ? null : { ...found, partitionEpoch: stat!.version };
  return partition.leadership;
}

/** Writes a state that was decided on this version; INVALID_UPDATE_VERSION if somebody was faster. */
export function* writeState(
  { zk, state }: ControllerParts,
  partition: ControlledPartition,
  leadership: Leadership,
  expectedVersion: number,
): Task<number> {
  const path = statePath(partition.topic, partition.partition);
  const write = setDataOp(path, encodeState(leadership), expectedVersion);
  const { err, results } = yield* fencedWrite(zk, state.epochZkVersion, [write]);
  switch (err) {
    case ZkCode.OK:
      partition.leadership = {
        ...leadership,
        partitionEpoch: results[0]?.stat?.version ?? expectedVersion + 1,
      };
      return ErrorCode.NONE;
    case ZkCode.BAD_VERSION:
      return ErrorCode.INVALID_UPDATE_VERSION;
    default:
      return ErrorCode.UNKNOWN_SERVER_ERROR;
  }
}

/** Makes the state znodes of new partitions, with the nodes above them. Returns those that have their state now. */
export function* createStates(
  parts: ControllerParts,
  states: ReadonlyMap<ControlledPartition, Leadership>,
): Task<readonly ControlledPartition[]> {
  const { zk, state } = parts;
  const make = (path: string) => fencedWrite(zk, state.epochZkVersion, [createOp(path, null, 0)]);
  const topics = new Set([...states.keys()].map(({ topic }) => topic));
  yield* all([...topics].map((topic) => make(partitionsPath(topic))));
  yield* all([...states.keys()].map(({ topic, partition }) => make(partitionPath(topic, partition))));
  const made = yield* all([...states].map(([partition, leadership]) => createState(parts, partition, leadership)));
  return [...states.keys()].filter((_, i) => made[i]);
}

function* createState(parts: ControllerParts, partition: ControlledPartition, leadership: Leadership): Task<boolean> {
  const { zk, state } = parts;
  const op = createOp(statePath(partition.topic, partition.partition), encodeState(leadership), 0);
  const { err } = yield* fencedWrite(zk, state.epochZkVersion, [op]);
  if (err === ZkCode.OK) {
    partition.leadership = { ...leadership, partitionEpoch: 0 };
    return true;
  }
  // A connection that broke may have swallowed the answer to this very write.
  const found = yield* readState(parts, partition);
  return found !== null && found.controllerEpoch === state.epoch && found.leaderEpoch === 0;
}
