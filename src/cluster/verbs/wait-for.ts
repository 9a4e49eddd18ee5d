import { z } from 'zod';
import * as argument from './arguments.ts';
import type { Verb } from './verb.ts';

const args = z.strictObject({ expression: argument.expression() });

export const waitFor: Verb<typeof args> = {
  name: 'waitFor',
  family: 'control',
  summary: 'waits until an expression is true, up to its `within` or the timeout of the step (60s)',
  details:
    'Like `expect`, but a run in which it does not come true is inconclusive, not failed: the situation never arose.',
  examples: [{ yaml: 'waitFor: billing.state == Stable', prompt: 'waitFor billing.state == Stable' }],
  subject: 'expression',
  args,
  fault: false,
  apply(run, { expression }) {
    run.waitUntil(expression, (verdict) => {
      if (verdict.passed) run.done({ resolved: [] });
      else run.giveUp(`observed ${verdict.observed}, waited for ${verdict.expected}`);
    });
  },
};
