import { z } from 'zod';
import * as argument from './arguments.ts';
import type { Verb } from './verb.ts';

const args = z.strictObject({
  topic: argument.topic(),
  from: z.union([z.literal('earliest'), z.literal('latest'), z.number().int().nonnegative()]).default('earliest'),
  max: argument.count().default(10),
});

export const consume: Verb<typeof args> = {
  name: 'consume',
  family: 'clients',
  summary: 'reads records of a topic with a consumer made for it, without a group',
  details:
    'From the earliest record or an offset it ends at the present end of the log; from the latest it waits for what comes. With `as:` the values are kept.',
  examples: [
    { yaml: 'consume: { topic: orders, from: earliest, max: 10 }', prompt: 'consume orders --from earliest --max 10' },
  ],
  subject: 'topic',
  args,
  fault: false,
  apply(run, { topic, from, max }) {
    const wanted = { topic, from, max, timeoutMs: Math.floor(run.timeoutUs / 1000) };
    run.cluster.operator.consume(run.cluster.clients.environment, wanted, (records, why) => {
      if (why === 'failed') return run.fail(`${topic} could not be read`);
      const output = records.map(
        ({ partition, offset, key, value }) => `${partition}@${offset} ${key ?? 'null'}: ${value ?? 'null'}`,
      );
      run.done({ resolved: [topic], value: records.map(({ value }) => value), output });
    });
  },
};
