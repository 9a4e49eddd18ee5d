/** Options of one letter, as getopt reads them: `-Ce`, `-torders`, `-c 5`. */
import { Arguments } from './arguments.ts';
import { PlainError } from './failure.ts';
import type { Tool } from './tool.ts';

/** What stands without an option is among `words`. Throws `PlainError`. */
export function readGetopt(line: readonly string[], { name: tool, options, refuses = {} }: Tool): Arguments {
  const inOrder: [string, string][] = [];
  const words: string[] = [];
  for (let index = 0; index < line.length; index++) {
    const word = line[index]!;
    if (!word.startsWith('-') || word === '-') {
      words.push(word);
      continue;
    }
    for (let at = 1; at < word.length; at++) {
      const letter = word[at]!;
      if (refuses[letter] !== undefined)
        throw new PlainError(`-${letter} of ${tool} is not taken here: ${refuses[letter]}`);
      const option = options.find(({ name }) => name === letter);
      if (option === undefined)
        throw new PlainError(`${tool}: invalid option -- '${letter}'; \`${tool} --help\` lists what it takes`);
      if (option.value === undefined) {
        inOrder.push([letter, '']);
        continue;
      }
      const value = word.slice(at + 1) || line[++index];
      if (value === undefined) throw new PlainError(`${tool}: option requires an argument -- '${letter}'`);
      inOrder.push([letter, value]);
      break;
    }
  }
  return new Arguments(inOrder, words, undefined);
}
