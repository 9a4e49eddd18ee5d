import { ElectLeaders } from '../../protocol/apis/43-elect-leaders.ts';
import { ErrorCode, errorName } from '../../protocol/errors.ts';
import { exceptionOf, PlainError, refuse } from './failure.ts';
import { partitionsInJson } from './json-argument.ts';
import { keyOf, type TopicPartition } from './offsets.ts';
import { ask } from './steps.ts';
import type { Tool, ToolCall } from './tool.ts';

const TYPES = ['preferred', 'unclean'];

/** LeaderElectionCommand. */
export const leaderElection: Tool = {
  name: 'kafka-leader-election',
  summary: 'has the controller elect preferred leaders, or any replica that lives',
  options: [
    { name: 'election-type', value: 'TYPE', completes: TYPES, about: 'preferred or unclean' },
    { name: 'topic', value: 'NAME', completes: 'topic', about: 'of which topic; with --partition' },
    { name: 'partition', value: 'N', about: 'which partition of it' },
    { name: 'all-topic-partitions', about: 'of every partition that needs it' },
    { name: 'path-to-json-file', value: 'FILE', file: 'json', about: 'of these; or the JSON itself' },
  ],
  examples: [
    'kafka-leader-election --election-type preferred --all-topic-partitions',
    'kafka-leader-election --election-type unclean --topic orders --partition 0',
  ],
  *run(call) {
    const { admin, print, data } = call;
    const type = readType(call);
    const partitions = wantedPartitions(call);
    const names = [...new Set(partitions?.map(({ topic }) => topic))];
    const body = ElectLeaders.request.make({
      electionType: TYPES.indexOf(type),
      topicPartitions:
        partitions === null
          ? null
          : names.map((topic) => ({
              topic,
              partitions: partitions.filter((each) => each.topic === topic).map(({ partition }) => partition),
            })),
      timeoutMs: 30_000,
    });
    const response = yield* ask(admin, ElectLeaders, body, { kind: 'controller' });
    refuse(response.errorCode);
    const results = response.replicaElectionResults.flatMap(({ topic, partitionResult }) =>
      partitionResult.map(({ partitionId, errorCode, errorMessage }) => {
        return { name: keyOf({ topic, partition: partitionId }), errorCode, errorMessage };
      }),
    );
    data(...results.map(({ name, errorCode }) => ({ partition: name, error: errorName(errorCode) })));
    const withCode = (code: number) => results.filter(({ errorCode }) => errorCode === code).map(({ name }) => name);
    const elected = withCode(ErrorCode.NONE);
    const valid = withCode(ErrorCode.ELECTION_NOT_NEEDED);
    const failed = results.filter(({ name }) => !elected.includes(name) && !valid.includes(name));
    const title = type.toUpperCase();
    if (elected.length > 0)
      print(`Successfully completed leader election (${title}) for partitions ${elected.join(', ')}`);
    if (valid.length > 0) print(`Valid replica already elected for partitions ${valid.join(', ')}`);
    for (const { name, errorCode, errorMessage } of failed) {
      const { exception, message } = exceptionOf(errorCode, errorMessage);
      print(
        `Error completing leader election (${title}) for partition: ${name}: org.apache.kafka.common.errors.${exception}: ${message}`,
      );
    }
    if (failed.length > 0) throw new PlainError(`${failed.length} replica(s) could not be elected`);
  },
};

function readType({ args }: ToolCall): string {
  const given = args.get('election-type');
  if (given === undefined) throw new PlainError('Missing required option(s): election-type');
  if (!TYPES.includes(given.toLowerCase()))
    throw new PlainError(`Cannot parse argument '${given}' of option election-type`);
  return given.toLowerCase();
}

/** Null: all of them. */
function wantedPartitions({ args }: ToolCall): readonly TopicPartition[] | null {
  const ways = ['topic', 'all-topic-partitions', 'path-to-json-file'];
  const way = ways.filter((name) => args.has(name));
  if (way.length !== 1)
    throw new PlainError(
      'One and only one of the following options is required: topic, all-topic-partitions, path-to-json-file',
    );
  if (way[0] === 'all-topic-partitions') return null;
  if (way[0] === 'path-to-json-file') return partitionsInJson('path-to-json-file', args.required('path-to-json-file'));
  const partition = args.integer('partition');
  if (partition === undefined) throw new PlainError('Missing required option(s): partition');
  return [{ topic: args.required('topic'), partition }];
}
