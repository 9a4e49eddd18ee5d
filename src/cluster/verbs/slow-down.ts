import { z } from 'zod';
import * as argument from './arguments.ts';
import type { Verb } from './verb.ts';

const args = z.strictObject({ target: argument.target(), factor: z.number().min(1).max(100_000) });

export const slowDown: Verb<typeof args> = {
  name: 'slowDown',
  family: 'processes',
  summary: "multiplies a node's service times",
  details: 'Every request costs its processors that much more: it answers late, and its queue grows.',
  examples: [{ yaml: 'slowDown: broker-1\n  factor: 10', prompt: 'slowDown broker-1 --factor 10' }],
  subject: 'target',
  args,
  fault: true,
  apply(run, { target, factor }) {
    run.targets(target, (nodes) => {
      const controls = nodes.map((node) => run.cluster.nodes.get(node)!.control);
      if (!controls.map((control) => control.slowDown(factor)).includes(true))
        return run.noEffect(nodes, 'it was as slow already');
      const undo = () => {
        for (const control of controls) control.slowDown(1);
      };
      run.done({ resolved: nodes, effect: { name: 'slowDown', nodes, healable: true, undo } });
    });
  },
};
