/** Tools that read lines while somebody types them. */
import { opensHeredoc } from './heredoc.ts';
import { readArguments } from './kafka/arguments.ts';
import { ToolError } from './kafka/failure.ts';
import { toolCalled, toolNamed } from './kafka/index.ts';
import { splitPipes } from './words.ts';

/** Whether a line begins a tool that waits for lines: nothing is piped into it, and its options can be read. */
export function waitsForLines(line: string): boolean {
  const pieces = splitPipes(line) ?? [];
  const words = pieces[0]?.words ?? [];
  const tool = toolNamed(toolCalled(words[0] ?? '') ?? '');
  if (tool?.reads !== true || pieces.length > 1 || opensHeredoc(line) !== undefined) return false;
  try {
    return readArguments(words.slice(1), tool).has('topic');
  } catch (thrown) {
    if (thrown instanceof ToolError) return false;
    throw thrown;
  }
}
