import { DescribeLogDirs } from '../../protocol/apis/35-describe-log-dirs.ts';
import { DescribeCluster } from '../../protocol/apis/60-describe-cluster.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { exceptionOf, javaInteger, PlainError } from './failure.ts';
import { comparePartitions } from './offsets.ts';
import { ask, askAll } from './steps.ts';
import type { Tool } from './tool.ts';

/** LogDirsCommand. */
export const logDirs: Tool = {
  name: 'kafka-log-dirs',
  summary: 'what lies in the log directories of brokers, as JSON',
  options: [
    { name: 'describe', about: 'the only thing it does' },
    { name: 'broker-list', value: '1,2', about: 'of which brokers' },
    { name: 'topic-list', value: 'A,B', completes: 'topic', about: 'of which topics' },
  ],
  examples: [
    'kafka-log-dirs --describe --topic-list orders',
    'kafka-log-dirs --describe --broker-list 1 | tail -1 | json',
  ],
  *run(call) {
    const { admin, args, print, data } = call;
    if (!args.has('describe')) throw new PlainError('Missing required argument "[describe]"');
    const { brokers } = yield* ask(admin, DescribeCluster, DescribeCluster.request.make({}), { kind: 'any' });
    const known = brokers.map(({ brokerId }) => brokerId).sort((one, other) => one - other);
    const wanted = args.get('broker-list')?.split(',').map(javaInteger) ?? known;
    const strange = wanted.filter((id) => !known.includes(id));
    if (strange.length > 0)
      throw new PlainError(
        `ERROR: The given brokers do not exist from --broker-list: ${strange.join(',')}. Current existent brokers: ${known.join(',')}`,
      );
    const topics = new Set((args.get('topic-list') ?? '').split(',').filter((name) => name !== ''));
    print('Querying brokers for log directories information');
    const answers = yield* askAll(
      admin,
      wanted.map((id) => ({
        api: DescribeLogDirs,
        body: DescribeLogDirs.request.make({ topics: null }),
        target: { kind: 'broker', id } as const,
      })),
    );
    print(`Received log directory information from brokers ${wanted.join(',')}`);
    const described = answers.map(({ results }, index) => ({
      broker: wanted[index],
      logDirs: results.map((result) => ({
        partitions: result.topics
          .filter(({ name }) => topics.size === 0 || topics.has(name))
          .flatMap(({ name, partitions }) =>
            partitions.map((each) => ({ ...each, topic: name, partition: each.partitionIndex })),
          )
          .sort(comparePartitions)
          .map(({ topic, partition, partitionSize, offsetLag, isFutureKey }) => ({
            partition: `${topic}-${partition}`,
            size: partitionSize,
            offsetLag,
            isFuture: isFutureKey,
          })),
        error: result.errorCode === ErrorCode.NONE ? null : javaName(result.errorCode),
        logDir: result.logDir,
      })),
    }));
    data(...described);
    print(JSON.stringify({ brokers: described, version: 1 }));
  },
};

function javaName(code: number): string {
  return `org.apache.kafka.common.errors.${exceptionOf(code, null).exception}`;
}
