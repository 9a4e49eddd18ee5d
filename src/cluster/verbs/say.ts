import { z } from 'zod';
import * as argument from './arguments.ts';
import type { Verb } from './verb.ts';

const args = z.strictObject({ text: argument.text() });

export const say: Verb<typeof args> = {
  name: 'say',
  family: 'control',
  summary: 'tells the people who watch something',
  examples: [{ yaml: 'say: Now the leader dies.', prompt: 'say Now the leader dies.' }],
  subject: 'text',
  args,
  fault: false,
  apply(run, { text }) {
    run.done({ resolved: [], output: [text] });
  },
};
