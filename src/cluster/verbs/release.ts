import { z } from 'zod';
import type { Verb } from './verb.ts';

const args = z.strictObject({});

export const release: Verb<typeof args> = {
  name: 'release',
  family: 'network',
  summary: 'delivers all messages that `hold` keeps back',
  examples: [{ yaml: 'release: {}', prompt: 'release' }],
  subject: null,
  args,
  fault: false,
  apply(run) {
    const held = run.cluster.effects.active.filter((effect) => effect.name === 'hold');
    if (held.length === 0) return run.noEffect([], 'nothing is held back');
    for (const effect of held) run.cluster.effects.undo(effect);
    run.done({ resolved: [...new Set(held.flatMap((effect) => effect.nodes))] });
  },
};
