/** `kafka-reassign-partitions --verify`. */
import { IncrementalAlterConfigs } from '../../protocol/apis/44-incremental-alter-configs.ts';
import { DescribeCluster } from '../../protocol/apis/60-describe-cluster.ts';
import { RESOURCE } from '../../protocol/config-resource.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { exceptionOf, javaText } from './failure.ts';
import type { NamedReplicas } from './json-argument.ts';
import { keyOf, partitionsOf } from './offsets.ts';
import { currentLayout, movesUnderWay } from './reassign-moves.ts';
import { ask, type Steps } from './steps.ts';
import type { ToolCall } from './tool.ts';

const DELETE = 1;

export function* verify(call: ToolCall, wanted: readonly NamedReplicas[]): Steps<void> {
  const { admin, print } = call;
  const moves = new Set((yield* movesUnderWay(call)).map(({ name }) => name));
  const known = (yield* partitionsOf(call, null)).map(({ topic }) => topic);
  const there = wanted.filter(({ topic }) => known.includes(topic));
  const present = new Map(
    there.length === 0
      ? []
      : (yield* currentLayout(call, there)).map((each) => [keyOf(each), each.replicas.join(',')] as const),
  );
  print('Status of partition reassignment:');
  for (const partition of wanted) {
    const name = keyOf(partition);
    const replicas = partition.replicas.join(',');
    if (moves.has(name)) print(`Reassignment of partition ${name} is still in progress.`);
    else if (present.get(name) === replicas) print(`Reassignment of partition ${name} is completed.`);
    else
      print(
        `There is no active reassignment of partition ${name}, but replica set is ${present.get(name) ?? ''} rather than ${replicas}.`,
      );
  }
  print('');
  if (moves.size > 0) return;
  const { brokers } = yield* ask(admin, DescribeCluster, DescribeCluster.request.make({}), { kind: 'any' });
  const ids = brokers.map(({ brokerId }) => brokerId).sort((one, other) => one - other);
  const topics = [...new Set(wanted.map(({ topic }) => topic))];
  print(`Clearing broker-level throttles on broker${ids.length > 1 ? 's' : ''} ${ids.join(',')}`);
  print(`Clearing topic-level throttles on topic${topics.length > 1 ? 's' : ''} ${topics.join(',')}`);
  const missing = topics.find((topic) => !known.includes(topic));
  if (missing !== undefined) yield* clearThrottles(call, missing);
}

/** Nothing here is throttled; of a topic that is not there the broker says so. */
function* clearThrottles({ admin }: ToolCall, topic: string): Steps<void> {
  const configs = ['leader', 'follower'].map((side) => {
    return { name: `${side}.replication.throttled.replicas`, configOperation: DELETE, value: '' };
  });
  const resources = [{ resourceType: RESOURCE.topic, resourceName: topic, configs }];
  const body = IncrementalAlterConfigs.request.make({ resources });
  const { responses } = yield* ask(admin, IncrementalAlterConfigs, body, { kind: 'any' });
  for (const { errorCode, errorMessage } of responses)
    if (errorCode !== ErrorCode.NONE) throw exceptionOf(-1, javaText(exceptionOf(errorCode, errorMessage)));
}
