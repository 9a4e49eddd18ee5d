import { z } from 'zod';
import { errorName } from '../../protocol/errors.ts';
import * as argument from './arguments.ts';
import type { Verb } from './verb.ts';

const args = z.strictObject({
  topic: argument.topic(),
  partition: z.number().int().nonnegative().optional(),
  key: argument.text().optional(),
  value: argument.text(),
  acks: z.union([z.literal('all'), z.literal(0), z.literal(1)]).default('all'),
});

export const produce: Verb<typeof args> = {
  name: 'produce',
  family: 'clients',
  summary: 'sends one record with a producer made for it, and waits for its outcome',
  details: 'The producer has the defaults of its release, and `linger.ms` 0. With `as:` the offset is kept.',
  examples: [
    {
      yaml: 'produce: { topic: orders, key: k, value: v, acks: all }',
      prompt: 'produce orders --key k --value v --acks all',
    },
  ],
  subject: 'topic',
  args,
  fault: false,
  // The delivery time-out of a producer, and a little more.
  timeoutUs: 130_000_000,
  apply(run, { topic, partition, key, value, acks }) {
    const record = {
      topic,
      partition: partition ?? null,
      key: key ?? null,
      value,
      acks: String(acks) as 'all' | '0' | '1',
    };
    run.cluster.operator.produce(run.cluster.clients.environment, record, (outcome) => {
      if (outcome.kind === 'failed')
        return run.fail(`${errorName(outcome.error)}${outcome.definite ? '' : ' (it may be stored all the same)'}`);
      const { partition: where, offset } = outcome;
      const output = [offset < 0 ? `${where}, offset not told` : `${where} offset ${offset}`];
      run.done({ resolved: [where], value: offset, output });
    });
  },
};
