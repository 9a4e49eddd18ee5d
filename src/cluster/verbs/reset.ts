import { z } from 'zod';
import { linkProblem, withLinks } from './link-fault.ts';
import { linkArguments } from './link-verb.ts';
import type { Verb } from './verb.ts';

const args = z.strictObject({ between: linkArguments.between }).superRefine((value, context) => {
  const message = linkProblem(value);
  if (message !== undefined) context.addIssue({ code: 'custom', message: 'say { between: [A, B] }' });
});

export const reset: Verb<typeof args> = {
  name: 'reset',
  family: 'network',
  summary: 'breaks the connections between two nodes, as a RST does',
  details: 'Both sides see it at once and may connect again; what was in flight is lost.',
  examples: [{ yaml: 'reset: { between: [web, broker-1] }', prompt: 'reset --between web,broker-1' }],
  subject: null,
  args,
  fault: true,
  apply(run, { between }) {
    withLinks(run, { between }, (links, nodes) => {
      const broken = run.cluster.world.network.reset(links);
      if (broken === 0) run.noEffect(nodes, 'no connection stood between them');
      else run.done({ resolved: nodes });
    });
  },
};
