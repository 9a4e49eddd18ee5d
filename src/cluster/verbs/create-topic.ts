import { z } from 'zod';
import { partitionName } from '../names.ts';
import type { TopicOptions } from '../options.ts';
import * as argument from './arguments.ts';
import type { Verb } from './verb.ts';

const args = z.strictObject({
  topic: argument.newName(),
  partitions: argument.count().default(1),
  replicationFactor: argument.count().optional(),
  assignment: z.array(z.array(z.number().int())).optional(),
  config: argument.configuration().optional(),
});

export const createTopic: Verb<typeof args> = {
  name: 'createTopic',
  family: 'administration',
  summary: 'creates a topic, and waits until its partitions have leaders',
  details:
    'Without `replicationFactor` it gets 3 (or as many as there are brokers); `assignment` lists the replicas of each partition.',
  examples: [
    {
      yaml: 'createTopic: payments\n  partitions: 6\n  replicationFactor: 3',
      prompt: 'createTopic payments --partitions 6 --replicationFactor 3',
    },
  ],
  subject: 'topic',
  args,
  fault: false,
  apply(run, { topic, partitions, replicationFactor, assignment, config }) {
    const { cluster } = run;
    const options: TopicOptions = {
      name: topic,
      partitions: assignment?.length ?? partitions,
      replicationFactor,
      assignment,
      config: Object.fromEntries(Object.entries(config ?? {}).map(([name, value]) => [name, String(value)])),
    };
    cluster.operator.createTopics([options], run.timeoutUs, (refused) => {
      if (refused !== '') return run.fail(refused);
      const led = () =>
        Array.from({ length: options.partitions }, (_, partition) => partitionName({ topic, partition })).every(
          (name) => (cluster.model.authority.partitions.get(name)?.leader ?? -1) >= 0,
        );
      run.until(led, (inTime) =>
        inTime ? run.done({ resolved: [topic] }) : run.fail('its partitions got no leaders in time'),
      );
    });
  },
};
