import { z } from 'zod';
import * as argument from './arguments.ts';
import type { Verb } from './verb.ts';

const args = z.strictObject({ expression: argument.expression() });

export const expect: Verb<typeof args> = {
  name: 'expect',
  family: 'control',
  summary: 'says what must be true: now, within a time, or for a time',
  details:
    'A failed expectation fails the run and skips the steps after it; what stands under `finally` is judged all the same.',
  examples: [
    {
      yaml: 'expect: orders-0.isr.size == 3 within 30s',
      prompt: 'expect orders-0.isr.size == 3 within 30s',
    },
    {
      yaml: 'expect: "orders-0.leader != $dead within { kraft: 12s, zookeeper: 25s }"',
      prompt: 'expect orders-0.leader != $dead within { kraft: 12s, zookeeper: 25s }',
    },
  ],
  subject: 'expression',
  args,
  fault: false,
  apply(run, { expression }) {
    run.judge(expression, (verdict) => {
      if (verdict.passed) run.done({ resolved: [], output: [`observed ${verdict.observed}`] });
      else run.fail(`observed ${verdict.observed}, expected ${verdict.expected}`);
    });
  },
};
