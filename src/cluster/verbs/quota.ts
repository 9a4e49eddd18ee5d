import { z } from 'zod';
import { AlterClientQuotas } from '../../protocol/apis/49-alter-client-quotas.ts';
import { administer } from './administration.ts';
import * as argument from './arguments.ts';
import type { Verb } from './verb.ts';

const args = z.strictObject({
  client: argument.text(),
  produce: argument.throughput().optional(),
  consume: argument.throughput().optional(),
  requests: z.number().positive().optional(),
  mutations: z.number().positive().optional(),
  remove: z.literal(true).optional(),
});

const NAMES = {
  produce: 'producer_byte_rate',
  consume: 'consumer_byte_rate',
  requests: 'request_percentage',
  mutations: 'controller_mutation_rate',
} as const;
const KINDS = ['produce', 'consume', 'requests', 'mutations'] as const;

export const quota: Verb<typeof args> = {
  name: 'quota',
  family: 'administration',
  summary: 'limits how much a client may ask of each broker',
  details:
    'A client is the user of its name, all its members together; `default` is every user without a quota of its own. `requests` is a share of one handler thread in percent, `mutations` counts partitions created or deleted a second. `remove` takes all of them back.',
  examples: [
    { yaml: 'quota: { client: web, produce: 1MiB/s }', prompt: 'quota --client web --produce 1MiB/s' },
    { yaml: 'quota: { client: web, remove: true }', prompt: 'quota --client web --remove' },
  ],
  subject: null,
  args,
  fault: false,
  apply(run, given) {
    const { client, remove } = given;
    const ops = KINDS.flatMap((kind) => {
      const value = given[kind];
      if (remove === true) return { key: NAMES[kind], value: 0, remove: true };
      return value === undefined ? [] : { key: NAMES[kind], value, remove: false };
    });
    if (ops.length === 0) return run.fail(`say one of ${KINDS.map((kind) => `"${kind}"`).join(', ')}, or "remove"`);
    const entity = [{ entityType: 'user', entityName: client === 'default' ? null : client }];
    const body = AlterClientQuotas.request.make({ entries: [{ entity, ops }] });
    administer(
      run,
      AlterClientQuotas,
      body,
      null,
      ({ entries }) => entries,
      () => run.done({ resolved: [client] }),
    );
  },
};
