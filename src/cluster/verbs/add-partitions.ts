import { z } from 'zod';
import { CreatePartitions } from '../../protocol/apis/37-create-partitions.ts';
import { administer } from './administration.ts';
import * as argument from './arguments.ts';
import type { Verb } from './verb.ts';

const args = z.strictObject({ topic: argument.topic(), partitions: argument.count() });

export const addPartitions: Verb<typeof args> = {
  name: 'addPartitions',
  family: 'administration',
  summary: 'raises the number of partitions of a topic',
  details: 'Keys hash to other partitions from then on; records that are there stay where they are.',
  examples: [{ yaml: 'addPartitions: orders\n  partitions: 6', prompt: 'addPartitions orders --partitions 6' }],
  subject: 'topic',
  args,
  fault: false,
  apply(run, { topic, partitions }) {
    const body = CreatePartitions.request.make({
      topics: [{ name: topic, count: partitions, assignments: null }],
      timeoutMs: 30_000,
    });
    administer(
      run,
      CreatePartitions,
      body,
      topic,
      (response) => response.results,
      () =>
        run.until(
          () => (run.cluster.model.authority.topics.get(topic)?.partitions.length ?? 0) >= partitions,
          (inTime) =>
            inTime ? run.done({ resolved: [topic] }) : run.fail('the new partitions did not appear in time'),
        ),
    );
  },
};
