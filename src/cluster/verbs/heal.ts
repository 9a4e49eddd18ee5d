import { z } from 'zod';
import * as argument from './arguments.ts';
import type { Verb } from './verb.ts';

const args = z.strictObject({ target: argument.target() });

/** `heal: all`, where "all" is no target. */
export const healsAll = (verb: { readonly name: string }, value: unknown): boolean =>
  verb.name === 'heal' && value === 'all';

export const heal: Verb<typeof args> = {
  name: 'heal',
  family: 'network',
  summary: 'ends the faults of links, disks, clocks and requests: all of them, or those of a node',
  details: 'Processes come back by `start` and `resume`, not by this.',
  examples: [
    { yaml: 'heal: all', prompt: 'heal all' },
    { yaml: 'heal: broker-1', prompt: 'heal broker-1' },
  ],
  subject: 'target',
  args,
  fault: false,
  apply(run, { target }) {
    const finish = (nodes: readonly string[] | 'all') => {
      const count = run.cluster.effects.heal(nodes);
      if (count === 0) run.noEffect(nodes === 'all' ? [] : nodes, 'nothing was broken there');
      else run.done({ resolved: nodes === 'all' ? [] : nodes });
    };
    if (target === 'all') finish('all');
    else run.targets(target, finish, () => true);
  },
};
