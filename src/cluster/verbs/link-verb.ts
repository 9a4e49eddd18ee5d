import { z } from 'zod';
import type { LinkEffect } from '../../kernel/api.ts';
import * as argument from './arguments.ts';
import { linkFault, linkProblem, withLinks } from './link-fault.ts';
import type { Verb, VerbExample } from './verb.ts';

/** The arguments that name a link; the verbs add their own beside them. */
export const linkArguments = {
  between: argument.endpoints().optional(),
  from: argument.target().optional(),
  to: argument.target().optional(),
};

/** A verb that lays one effect over a link. */
export function linkVerb<Own extends z.ZodRawShape>(description: {
  readonly name: string;
  readonly summary: string;
  readonly details?: string;
  readonly examples: readonly VerbExample[];
  readonly own: Own;
  readonly effect: (args: z.output<z.ZodObject<Own>>) => LinkEffect;
}): Verb {
  const { own, effect, ...rest } = description;
  const args = z.strictObject({ ...linkArguments, ...own }).superRefine((value, context) => {
    const message = linkProblem(value as never);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });
  return {
    ...rest,
    family: 'network',
    subject: null,
    args,
    fault: true,
    apply(run, values) {
      withLinks(run, values as never, (links, nodes) => {
        const fault = linkFault(run.cluster, description.name, links, effect(values as never), nodes);
        run.done({ resolved: nodes, effect: fault });
      });
    },
  };
}
