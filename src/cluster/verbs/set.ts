import { z } from 'zod';
import * as argument from './arguments.ts';
import type { Verb } from './verb.ts';

const args = z.strictObject({ client: argument.client(), rate: argument.rate() });

export const set: Verb<typeof args> = {
  name: 'set',
  family: 'clients',
  summary: 'changes the rate at which a client produces',
  details: 'Its members share the rate evenly.',
  examples: [{ yaml: 'set: { client: web, rate: 500/s }', prompt: 'set web --rate 500/s' }],
  subject: 'client',
  args,
  fault: false,
  apply(run, { client, rate }) {
    if (run.cluster.clients.setRate(client, rate)) run.done({ resolved: [client] });
    else run.fail(`${client} does not produce`);
  },
};
