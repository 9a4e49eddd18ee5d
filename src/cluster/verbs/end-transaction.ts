import { z } from 'zod';
import * as argument from './arguments.ts';
import type { Verb, VerbExample } from './verb.ts';

const args = z.strictObject({ client: argument.client() });

/** What `commit` and `abort` share: the open transaction of each member is ended, and the next one begins. */
export function endingVerb(description: {
  readonly name: 'commit' | 'abort';
  readonly summary: string;
  readonly details: string;
  readonly examples: readonly VerbExample[];
}): Verb<typeof args> {
  return {
    ...description,
    family: 'clients',
    subject: 'client',
    args,
    fault: false,
    apply(run, { client }) {
      const producers = run.cluster.clients.endTransactions(client, description.name);
      if (producers === null) {
        run.fail(`${client} has no transactions: only what produces, runs, and has a transactional.id has them`);
        return;
      }
      run.until(
        () => producers.ended,
        (inTime) => (inTime ? run.done({ resolved: [client] }) : run.fail('the transaction did not end in time')),
      );
    },
  };
}
