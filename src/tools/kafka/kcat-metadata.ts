/** `kcat -L`. */
import { Metadata } from '../../protocol/apis/03-metadata.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { exceptionOf } from './failure.ts';
import { ask, type Steps } from './steps.ts';
import type { ToolCall } from './tool.ts';
import { metadataRequest } from './topic-names.ts';

export function* listMetadata({ admin, args, print, data }: ToolCall): Steps<void> {
  const topic = args.get('t');
  const response = yield* ask(admin, Metadata, metadataRequest(topic === undefined ? null : [topic]), {
    kind: 'any',
  });
  const brokers = [...response.brokers].sort((one, other) => one.nodeId - other.nodeId);
  const topics = response.topics.map((each) => ({
    ...each,
    partitions: [...each.partitions].sort((one, other) => one.partitionIndex - other.partitionIndex),
  }));
  const ids = (nodes: readonly number[]) => nodes.map((id) => ({ id }));
  const json = {
    query: { topic: topic ?? '*' },
    controllerid: response.controllerId,
    brokers: brokers.map(({ nodeId, host, port }) => ({ id: nodeId, name: `${host}:${port}` })),
    topics: topics.map(({ name, partitions }) => ({
      topic: name,
      partitions: partitions.map(({ partitionIndex, leaderId, replicaNodes, isrNodes }) => {
        return { partition: partitionIndex, leader: leaderId, replicas: ids(replicaNodes), isrs: ids(isrNodes) };
      }),
    })),
  };
  data(json);
  if (args.has('J')) return print(JSON.stringify(json));
  print(
    `Metadata for ${topic ?? 'all topics'} (from the operator):`,
    ` ${brokers.length} brokers:`,
    ...brokers.map(
      ({ nodeId, host, port }) =>
        `  broker ${nodeId} at ${host}:${port}${nodeId === response.controllerId ? ' (controller)' : ''}`,
    ),
    ` ${topics.length} topics:`,
  );
  for (const { name, errorCode, partitions } of topics) {
    print(`  topic "${name}" with ${partitions.length} partitions:${before(' ', errorText(errorCode))}`);
    for (const { partitionIndex, leaderId, replicaNodes, isrNodes, errorCode: code } of partitions)
      print(
        `    partition ${partitionIndex}, leader ${leaderId}, replicas: ${replicaNodes.join(',')}, isrs: ${isrNodes.join(',')}${before(', ', errorText(code))}`,
      );
  }
}

const before = (sign: string, text: string): string => (text === '' ? '' : sign + text);

/** librdkafka's words; '' for no error. */
export function errorText(code: number): string {
  if (code === ErrorCode.NONE) return '';
  if (code === ErrorCode.LEADER_NOT_AVAILABLE) return 'Broker: Leader not available';
  if (code === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) return 'Broker: Unknown topic or partition';
  return exceptionOf(code, null).message;
}
