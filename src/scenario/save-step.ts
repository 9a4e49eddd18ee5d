/** A line of the prompt as a step of a scenario. */
import { LineError, parseLine } from '../cluster/verbs/line.ts';
import { fedWith, readHeredoc } from '../tools/heredoc.ts';
import { toolCalled } from '../tools/kafka/index.ts';
import { readPipes } from '../tools/pipes.ts';
import { splitPipes } from '../tools/words.ts';

export type Yaml = Readonly<Record<string, unknown>>;

/** Undefined: the scenario language has no word for it. */
export function stepOf(text: string): Yaml | undefined {
  const { line: whole, fed } = readHeredoc(text.includes('\n') ? text : text.replace(/(^|\s)#.*$/, '').trim());
  const { line } = readPipes(whole);
  const words = splitPipes(line)?.[0]?.words ?? [];
  const tool = toolCalled(words[0] ?? '');
  if (tool !== undefined || /^(echo|printf|cat|zk)$/.test(words[0] ?? ''))
    return { run: fed === undefined ? line : fedWith(line, fed) };
  try {
    const { verb, args, keys } = parseLine(line);
    const { subject, name } = verb;
    if (subject === null) return { [name]: args, ...keys };
    const { [subject]: value, ...rest } = args;
    return { [name]: value ?? null, ...rest, ...keys };
  } catch (thrown) {
    if (thrown instanceof LineError) return undefined;
    throw thrown;
  }
}
