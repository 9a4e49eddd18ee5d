/** Znodes by which old tools ask the controller: leaders to be elected, partitions to be moved. They go when it is done. */
import { deleteOp } from '../../client/ops.ts';
import { ZkCode } from '../../ensemble/codes.ts';
import type { Task } from '../task.ts';
import { decodePartitionList, PREFERRED_ELECTION_PATH, REASSIGN_PATH } from '../znodes.ts';
import { fencedWrite } from './fenced.ts';
import { bringOnline } from './partition-machine.ts';
import type { ControllerParts } from './parts.ts';
import { beginReassignment } from './reassignment.ts';
import type { ControlledPartition } from './state.ts';

/** `/admin/preferred_replica_election` */
export function* processPreferredElectionNode(parts: ControllerParts): Task<void> {
  const { zk, state, batch } = parts;
  const asked = yield* readList(parts, PREFERRED_ELECTION_PATH);
  if (asked === null) return;
  const partitions = asked
    .map(({ partition }) => partition)
    .filter(({ leadership, replicas }) => leadership !== null && leadership.leader !== replicas[0]);
  yield* bringOnline(parts, partitions, { kind: 'preferred' });
  batch.send();
  yield* fencedWrite(zk, state.epochZkVersion, [deleteOp(PREFERRED_ELECTION_PATH, -1)]);
  yield* zk.exists(PREFERRED_ELECTION_PATH, true);
}

/** `/admin/reassign_partitions`. The moves are written into the topics' znodes, so this one need not stay until they end. */
export function* processReassignNode(parts: ControllerParts): Task<void> {
  const { zk, state } = parts;
  const asked = yield* readList(parts, REASSIGN_PATH);
  if (asked === null) return;
  for (const { partition, replicas } of asked) {
    const known = replicas.length > 0 && replicas.every((id) => state.isAlive(id));
    if (known && !state.isDeleting(partition.topic)) yield* beginReassignment(parts, partition, replicas);
  }
  yield* fencedWrite(zk, state.epochZkVersion, [deleteOp(REASSIGN_PATH, -1)]);
  yield* zk.exists(REASSIGN_PATH, true);
}

function* readList(
  { zk, state }: ControllerParts,
  path: string,
): Task<readonly { readonly partition: ControlledPartition; readonly replicas: readonly number[] }[] | null> {
  const { err, data } = yield* zk.getData(path, true);
  if (err !== ZkCode.OK) return null;
  return decodePartitionList(data).flatMap(({ topic, partition, replicas }) => {
    const found = state.partition(topic, partition);
    return found === undefined ? [] : [{ partition: found, replicas }];
  });
}
