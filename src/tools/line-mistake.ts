/** What can be said against a line before anything runs: for the verb `run` in a scenario. */
import type { Catalog } from '../cluster/names.ts';
import { LineError, parseLine } from '../cluster/verbs/line.ts';
import { readHeredoc } from './heredoc.ts';
import { readArguments } from './kafka/arguments.ts';
import { ToolError } from './kafka/failure.ts';
import { guessOf } from './kafka/guess.ts';
import { toolCalled, toolNamed } from './kafka/index.ts';
import type { Tool } from './kafka/tool.ts';
import { PipeError, readPipes } from './pipes.ts';
import { firstWords, questionNamed } from './questions/index.ts';
import { timeLines } from './questions/time-lines.ts';
import { splitPipes } from './words.ts';

export interface LineMistake {
  readonly message: string;
  readonly hint: string | undefined;
}

export function lineMistake(text: string, catalog: Catalog): LineMistake | undefined {
  try {
    const { line } = readPipes(readHeredoc(text).line);
    const [head = ''] = line.trim().split(/\s/, 1);
    if (timeLines.some(({ name }) => name === head))
      return { message: `a scenario cannot move in time: ${head} is for the prompt`, hint: undefined };
    if (questionNamed(head) !== undefined || head === 'zk') return undefined;
    const pieces = splitPipes(line) ?? [];
    const words = pieces[/^(echo|printf|cat)$/.test(head) ? 1 : 0]?.words ?? [];
    const tool = toolNamed(toolCalled(words[0] ?? '') ?? '');
    if (tool === undefined) parseLine(line, firstWords());
    else return toolMistake(tool, words.slice(1), catalog);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof LineError) return { message: thrown.message, hint: thrown.hint };
    if (thrown instanceof PipeError) return { message: thrown.message, hint: undefined };
    throw thrown;
  }
}

function toolMistake(tool: Tool, words: readonly string[], catalog: Catalog): LineMistake | undefined {
  try {
    readArguments(words, tool);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof ToolError) return { message: thrown.message, hint: guessOf(tool, words, catalog) };
    throw thrown;
  }
}
