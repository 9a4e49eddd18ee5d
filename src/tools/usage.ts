/** How the line that is being typed goes on, in a few words. */
import { verbNamed } from '../cluster/verbs/index.ts';
import { toolCalled, toolNamed } from './kafka/index.ts';
import { questionNamed } from './questions/index.ts';
import { verbUsage } from './verb-usage.ts';

/** Undefined while the first word is not known. */
export function usageOf(text: string): string | undefined {
  const [word = ''] = text.trimStart().split(/\s/, 1);
  const question = questionNamed(word);
  if (question !== undefined) return `${question.usage}: ${question.about}`;
  const verb = verbNamed(word);
  if (verb !== undefined) return `${verbUsage(verb)}: ${verb.summary}`;
  const tool = toolNamed(toolCalled(word) ?? '');
  return tool === undefined ? undefined : `${tool.name}: ${tool.summary}; --help lists its options`;
}
