import { z } from 'zod';
import * as argument from './arguments.ts';
import type { Verb } from './verb.ts';

const args = z.strictObject({ target: argument.target() });

export const repair: Verb<typeof args> = {
  name: 'repair',
  family: 'disk',
  summary: 'mends the disks of a node',
  details:
    'A broker whose log directory had gone offline takes it back only when it is restarted, as the real one does.',
  examples: [{ yaml: 'repair: broker-1', prompt: 'repair broker-1' }],
  subject: 'target',
  args,
  fault: false,
  apply(run, { target }) {
    run.targets(
      target,
      (nodes) => {
        const broken = run.cluster.effects.active.filter(
          (effect) => effect.name === 'disk' && effect.nodes.some((node) => nodes.includes(node)),
        );
        if (broken.length === 0) return run.noEffect(nodes, 'no disk was broken there');
        for (const effect of broken) run.cluster.effects.undo(effect);
        run.done({ resolved: nodes });
      },
      () => true,
    );
  },
};
