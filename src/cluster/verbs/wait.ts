import { z } from 'zod';
import * as argument from './arguments.ts';
import type { Verb } from './verb.ts';

const args = z.strictObject({ duration: argument.duration() });

export const wait: Verb<typeof args> = {
  name: 'wait',
  family: 'control',
  summary: 'lets virtual time pass',
  examples: [{ yaml: 'wait: 3s', prompt: 'wait 3s' }],
  subject: 'duration',
  args,
  fault: false,
  apply(run, { duration }) {
    run.after(duration, () => run.done({ resolved: [] }));
  },
};
