/** Topics and partitions that appear in ZooKeeper (KafkaController.processTopicChange, processPartitionModifications). */
import type { Task } from '../task.ts';
import { all } from '../task.ts';
import type { ZkAccess } from '../zk-access.ts';
import { TOPICS_PATH } from '../znodes.ts';
import { readTopic } from './failover.ts';
import { bringOnline, markNew, OFFLINE_ELECTION } from './partition-machine.ts';
import type { ControllerParts } from './parts.ts';
import { makeNew, makeOnline, replicasOf } from './replica-machine.ts';
import type { ControlledPartition } from './state.ts';

/** The list of topics has changed. */
export function* processTopicChange(parts: ControllerParts): Task<void> {
  const { zk, state } = parts;
  const { children } = yield* listTopics(zk);
  for (const name of [...state.topics.keys()]) {
    if (!children.includes(name) && !state.isDeleting(name)) state.topics.delete(name);
  }
  const fresh = children.filter((name) => !state.topics.has(name));
  const added = yield* all(fresh.map((name) => readTopic(parts, name)));
  yield* begin(parts, added.flat());
}

function listTopics(zk: ZkAccess) {
  return zk.getChildren(TOPICS_PATH, true);
}

/** A topic's assignment has changed: it may have grown. What the controller itself wrote is known already. */
export function* processPartitionModifications(parts: ControllerParts, name: string): Task<void> {
  const added = yield* readTopic(parts, name);
  if (!parts.state.isDeleting(name)) yield* begin(parts, added);
}

/** New partitions get leaders, and their replicas hear of it. */
function* begin(parts: ControllerParts, partitions: readonly ControlledPartition[]): Task<void> {
  if (partitions.length === 0) return;
  markNew(partitions);
  const replicas = replicasOf(partitions);
  makeNew(parts, replicas);
  yield* bringOnline(parts, partitions, OFFLINE_ELECTION);
  parts.batch.send();
  makeOnline(parts, replicas);
  parts.batch.send();
}
