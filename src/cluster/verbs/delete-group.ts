import { z } from 'zod';
import * as argument from './arguments.ts';
import { toolVerb } from './tool-verb.ts';

const args = z.strictObject({ group: argument.group() });

export const deleteGroup = toolVerb({
  name: 'deleteGroup',
  summary: 'deletes a group that has no members, and its committed offsets',
  details: 'As `kafka-consumer-groups --delete` does.',
  examples: [{ yaml: 'deleteGroup: billing', prompt: 'deleteGroup billing' }],
  subject: 'group',
  args,
  line: ({ group }) => `kafka-consumer-groups --delete --group ${group}`,
  resolved: ({ group }) => [group],
});
