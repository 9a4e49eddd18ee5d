import { z } from 'zod';
import { ElectLeaders } from '../../protocol/apis/43-elect-leaders.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { parsePartition } from '../names.ts';
import { administer } from './administration.ts';
import * as argument from './arguments.ts';
import type { Verb } from './verb.ts';

const args = z.strictObject({
  partitions: argument.partitions(),
  type: z.enum(['preferred', 'unclean']).default('preferred'),
});

export const electLeaders: Verb<typeof args> = {
  name: 'electLeaders',
  family: 'coordination',
  summary: 'has the controller elect leaders: the preferred ones, or any replica that lives',
  details: 'An unclean election brings a partition back whose ISR is gone, and may lose what only the ISR had.',
  examples: [
    { yaml: 'electLeaders: orders-0', prompt: 'electLeaders orders-0' },
    { yaml: 'electLeaders: orders-0\n  type: unclean', prompt: 'electLeaders orders-0 --type unclean' },
  ],
  subject: 'partitions',
  args,
  fault: false,
  apply(run, { partitions, type }) {
    const names = typeof partitions === 'string' ? [partitions] : partitions;
    const byTopic = new Map<string, number[]>();
    for (const name of names) {
      const parsed = parsePartition(name);
      if (parsed === undefined) return run.fail(`"${name}" is not a partition`);
      byTopic.set(parsed.topic, [...(byTopic.get(parsed.topic) ?? []), parsed.partition]);
    }
    const body = ElectLeaders.request.make({
      electionType: type === 'preferred' ? 0 : 1,
      topicPartitions: [...byTopic].map(([topic, numbers]) => ({ topic, partitions: numbers })),
      timeoutMs: 30_000,
    });
    // That nothing needed doing is not a refusal.
    const mend = (errorCode: number) => (errorCode === ErrorCode.ELECTION_NOT_NEEDED ? ErrorCode.NONE : errorCode);
    administer(
      run,
      ElectLeaders,
      body,
      null,
      (response) => [
        { errorCode: response.errorCode },
        ...response.replicaElectionResults.flatMap(({ partitionResult }) =>
          partitionResult.map(({ errorCode, errorMessage }) => ({ errorCode: mend(errorCode), errorMessage })),
        ),
      ],
      (response) => {
        const results = response.replicaElectionResults.flatMap(({ partitionResult }) => partitionResult);
        if (results.every(({ errorCode }) => errorCode === ErrorCode.ELECTION_NOT_NEEDED))
          run.noEffect(names, 'the leader was already the one that would be elected');
        else run.done({ resolved: names });
      },
    );
  },
};
