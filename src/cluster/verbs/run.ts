import { z } from 'zod';
import * as argument from './arguments.ts';
import type { Verb } from './verb.ts';

const args = z.strictObject({ line: argument.text() });

export const run: Verb<typeof args> = {
  name: 'run',
  family: 'control',
  summary: 'runs any line that the prompt takes: a tool of Kafka’s, a question, another verb',
  details: 'A line that fails fails its step. In a scenario it cannot move in time.',
  examples: [
    { yaml: 'run: kafka-topics --describe --topic orders', prompt: 'run kafka-topics --describe --topic orders' },
    {
      yaml: 'run: echo hello | kafka-console-producer --topic orders',
      prompt: 'run echo hello | kafka-console-producer --topic orders',
    },
  ],
  subject: 'line',
  args,
  fault: false,
  takesLine: true,
  apply(verbRun, { line }) {
    verbRun.line(line, ({ ok, lines, resolved }) => {
      if (ok) verbRun.done({ resolved, output: lines });
      else verbRun.fail(lines.join('\n'));
    });
  },
};
