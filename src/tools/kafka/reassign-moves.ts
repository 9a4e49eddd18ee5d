/** Moves of replicas that are under way, and how partitions are laid out. */
import { ListPartitionReassignments } from '../../protocol/apis/46-list-partition-reassignments.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { exceptionOf, javaText, refuse, ToolError } from './failure.ts';
import type { NamedReplicas } from './json-argument.ts';
import { comparePartitions, keyOf, type ReplicatedPartition, replicasOf } from './offsets.ts';
import { ask, type Steps } from './steps.ts';
import type { ToolCall } from './tool.ts';

export function* movesUnderWay({ admin }: ToolCall) {
  const body = ListPartitionReassignments.request.make({ topics: null });
  const response = yield* ask(admin, ListPartitionReassignments, body, { kind: 'controller' });
  refuse(response.errorCode, response.errorMessage);
  return response.topics
    .flatMap(({ name: topic, partitions }) =>
      partitions.map((move) => ({
        ...move,
        topic,
        partition: move.partitionIndex,
        name: `${topic}-${move.partitionIndex}`,
      })),
    )
    .sort(comparePartitions);
}

/** How those partitions are laid out now. Throws for one that there is not. */
export function* currentLayout(
  call: ToolCall,
  wanted: readonly NamedReplicas[],
): Steps<readonly ReplicatedPartition[]> {
  const all: ReplicatedPartition[] = [];
  for (const topic of new Set(wanted.map((each) => each.topic))) all.push(...(yield* replicasOrThrow(call, topic)));
  const names = new Set(wanted.map(keyOf));
  const missing = wanted.filter((partition) => !all.some((known) => keyOf(known) === keyOf(partition)));
  if (missing.length > 0)
    throw exceptionOf(-1, `Unable to find partition${missing.length > 1 ? 's' : ''}: ${missing.map(keyOf).join(', ')}`);
  return all.filter((partition) => names.has(keyOf(partition)));
}

function* replicasOrThrow(call: ToolCall, topic: string): Steps<readonly ReplicatedPartition[]> {
  try {
    return yield* replicasOf(call, [topic]);
  } catch (thrown) {
    if (!(thrown instanceof ToolError) || thrown.code !== ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) throw thrown;
    throw exceptionOf(-1, javaText(exceptionOf(thrown.code, `Topic ${topic} not found.`)));
  }
}
