import { z } from 'zod';
import * as argument from './arguments.ts';
import { toolVerb } from './tool-verb.ts';

const args = z.strictObject({
  group: argument.group(),
  topic: argument.topic(),
  to: z.union([z.literal('earliest'), z.literal('latest'), z.number().int().nonnegative()]),
});

export const resetOffsets = toolVerb({
  name: 'resetOffsets',
  summary: 'moves the committed offsets of a group that has no members',
  details: 'As `kafka-consumer-groups --reset-offsets --execute` does; a number is an offset of every partition.',
  examples: [
    {
      yaml: 'resetOffsets: { group: billing, topic: orders, to: earliest }',
      prompt: 'resetOffsets --group billing --topic orders --to earliest',
    },
  ],
  subject: null,
  args,
  line: ({ group, topic, to }) =>
    `kafka-consumer-groups --group ${group} --topic ${topic} --reset-offsets --execute ` +
    (typeof to === 'number' ? `--to-offset ${to}` : `--to-${to}`),
  resolved: ({ group }) => [group],
});
