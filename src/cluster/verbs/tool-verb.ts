import type { z } from 'zod';
import type { Verb, VerbExample } from './verb.ts';

/** What the verbs share that do what a tool of Kafka's does: they are its line, and fail with its words. */
export function toolVerb<Args extends z.ZodObject>(description: {
  readonly name: string;
  readonly summary: string;
  readonly details: string;
  readonly examples: readonly VerbExample[];
  readonly subject: string | null;
  readonly args: Args;
  readonly line: (args: z.output<Args>) => string;
  /** What it met. */
  readonly resolved: (args: z.output<Args>) => readonly string[];
}): Verb<Args> {
  const { line, resolved, ...rest } = description;
  return {
    ...rest,
    family: 'administration',
    fault: false,
    takesLine: true,
    apply(run, args) {
      run.line(line(args), ({ ok, lines }) => {
        if (ok) run.done({ resolved: resolved(args), output: lines });
        else run.fail(lines.filter((text) => text !== '').join('\n'));
      });
    },
  };
}
