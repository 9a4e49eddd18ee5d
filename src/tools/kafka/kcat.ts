import { Metadata } from '../../protocol/apis/03-metadata.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { exceptionOf, UsageError } from './failure.ts';
import { ask } from './steps.ts';
import type { Tool } from './tool.ts';
import { metadataRequest } from './topic-names.ts';

/** kcat (formerly kafkacat), a program of its own over librdkafka. */
export const kcat: Tool = {
  name: 'kcat',
  summary: 'with -L, metadata as librdkafka lists it',
  differs: 'Of its modes only -L is here, and it does not tell which broker it has asked.',
  options: [
    { name: 'L', about: 'lists brokers, topics and partitions' },
    { name: 'b', value: 'BROKERS', about: 'taken, and not needed' },
    { name: 't', value: 'TOPIC', completes: 'topic', about: 'only this topic' },
  ],
  examples: ['kcat -L', 'kcat -L -t orders'],
  *run({ admin, args, print }) {
    if (!args.has('L')) throw new UsageError('of the modes of kcat only -L is here');
    const topic = args.get('t');
    const response = yield* ask(admin, Metadata, metadataRequest(topic === undefined ? null : [topic]), {
      kind: 'any',
    });
    const brokers = [...response.brokers].sort((one, other) => one.nodeId - other.nodeId);
    print(
      `Metadata for ${topic ?? 'all topics'} (from the operator):`,
      ` ${brokers.length} brokers:`,
      ...brokers.map(
        ({ nodeId, host, port }) =>
          `  broker ${nodeId} at ${host}:${port}${nodeId === response.controllerId ? ' (controller)' : ''}`,
      ),
      ` ${response.topics.length} topics:`,
    );
    for (const { name, errorCode, partitions } of response.topics) {
      print(`  topic "${name}" with ${partitions.length} partitions:${errorText(errorCode, ' ')}`);
      const inOrder = [...partitions].sort((one, other) => one.partitionIndex - other.partitionIndex);
      for (const { partitionIndex, leaderId, replicaNodes, isrNodes, errorCode: code } of inOrder)
        print(
          `    partition ${partitionIndex}, leader ${leaderId}, replicas: ${replicaNodes.join(',')}, isrs: ${isrNodes.join(',')}${errorText(code, ', ')}`,
        );
    }
  },
};

/** librdkafka's words for the two that metadata has. */
function errorText(code: number, before: string): string {
  if (code === ErrorCode.NONE) return '';
  if (code === ErrorCode.LEADER_NOT_AVAILABLE) return `${before}Broker: Leader not available`;
  if (code === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) return `${before}Broker: Unknown topic or partition`;
  return before + exceptionOf(code, null).message;
}
