import { z } from 'zod';
import { clientNodes } from '../names.ts';
import * as argument from './arguments.ts';
import type { Verb, VerbExample, VerbRun } from './verb.ts';

const args = z.strictObject({ client: argument.client() });

/** What the verbs over a client as a whole share: they mean all its members. */
export function clientVerb(description: {
  readonly name: string;
  readonly summary: string;
  readonly details?: string;
  readonly examples: readonly VerbExample[];
  readonly act: (run: VerbRun, nodes: readonly string[]) => void;
}): Verb<typeof args> {
  const { act, ...rest } = description;
  return {
    ...rest,
    family: 'clients',
    subject: 'client',
    args,
    fault: false,
    apply(run, { client }) {
      const declared = run.cluster.clients.all.get(client);
      if (declared === undefined) run.fail(`there is no client "${client}"`);
      else act(run, clientNodes(client, declared.options.members));
    },
  };
}
