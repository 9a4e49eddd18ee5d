import { z } from 'zod';
import * as argument from './arguments.ts';
import { linkFault } from './link-fault.ts';
import type { Target, Verb } from './verb.ts';

const args = z.strictObject({ groups: argument.groups() });

export const partition: Verb<typeof args> = {
  name: 'partition',
  family: 'network',
  summary: 'parts the network into groups that cannot reach each other',
  details: 'Who is not named stays reachable by all, the quorum too.',
  examples: [
    { yaml: 'partition: [[1, 2], [3]]', prompt: 'partition 1,2 | 3' },
    {
      yaml: 'partition: [["leader(orders-0)"], ["followers(orders-0)"]]',
      prompt: 'partition leader(orders-0) | followers(orders-0)',
    },
  ],
  subject: 'groups',
  args,
  fault: true,
  apply(run, { groups }) {
    const sides: (readonly string[])[] = [];
    const resolveNext = (index: number): void => {
      if (index < groups.length) {
        run.targets(
          groups[index] as Target,
          (nodes) => {
            sides.push(nodes);
            resolveNext(index + 1);
          },
          () => true,
        );
        return;
      }
      const sideOf = new Map(sides.flatMap((nodes, side) => nodes.map((node) => [node, side] as const)));
      const apart = (from: string, to: string) => {
        const a = sideOf.get(from);
        const b = sideOf.get(to);
        return a !== undefined && b !== undefined && a !== b;
      };
      const nodes = [...sideOf.keys()];
      run.done({ resolved: nodes, effect: linkFault(run.cluster, 'partition', apart, { kind: 'block' }, nodes) });
    };
    resolveNext(0);
  },
};
