import { z } from 'zod';
import * as argument from './arguments.ts';
import { linkFault } from './link-fault.ts';
import type { Verb } from './verb.ts';

const args = z.strictObject({ target: argument.target() });

export const isolate: Verb<typeof args> = {
  name: 'isolate',
  family: 'network',
  summary: 'cuts a node off from everything',
  details: 'Clients and the quorum too. Several targets are cut off from each other as well.',
  examples: [{ yaml: 'isolate: leader(orders-0)', prompt: 'isolate leader(orders-0)' }],
  subject: 'target',
  args,
  fault: true,
  apply(run, { target }) {
    run.targets(target, (nodes) => {
      const alone = new Set(nodes);
      const fault = linkFault(
        run.cluster,
        'isolate',
        (from, to) => alone.has(from) || alone.has(to),
        { kind: 'block' },
        nodes,
      );
      run.done({ resolved: nodes, effect: fault });
    });
  },
};
