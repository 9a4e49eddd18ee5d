/** A line as zkCli takes it apart (ZooKeeperMain), and its options as Apache Commons CLI reads them. */
import { nearest } from '../../config/nearest.ts';
import type { ZkCommand, ZkOption } from './command.ts';
import { usageOf } from './command.ts';
import { CliError } from './failure.ts';

/** A word, or what stands in quotes. Nothing is escaped. */
const WORDS = /\s*([^"']\S*|"[^"]*"|'[^']*')\s*/g;

export function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(WORDS)].map(([, word = '']) => (/^(["']).*\1$/s.test(word) ? word.slice(1, -1) : word));
}

export class Operands {
  readonly #options: ReadonlyMap<string, string>;
  /** The words that belong to no option, behind the command's name. */
  readonly words: readonly string[];

  constructor(options: ReadonlyMap<string, string>, words: readonly string[]) {
    this.#options = options;
    this.words = words;
  }

  has(name: string): boolean {
    return this.#options.has(name);
  }

  get(name: string): string | undefined {
    return this.#options.get(name);
  }

  /** The first word; a command that needs one has it. */
  get path(): string {
    return this.words[0] ?? '';
  }

  /** Throws `CliError` for what is no integer of 64 bits. */
  integer(name: string): number | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    if (!/^[+-]?\d{1,19}$/.test(value))
      throw new CliError([`For input string: "${value}"`], `-${name} takes a number; the real zkCli dies of this`);
    return Number(value);
  }
}

/** Throws `CliError`. `words` begins with the command's name. */
export function readOperands([, ...words]: readonly string[], command: ZkCommand): Operands {
  const { options = [], exclusive = [], least = 0, most = Number.POSITIVE_INFINITY } = command;
  const given = new Map<string, string>();
  const rest: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    if (word === '--') {
      rest.push(...words.slice(index + 1));
      break;
    }
    if (!word.startsWith('-') || word === '-' || isNumber(word)) {
      rest.push(word);
      continue;
    }
    for (const { option, value } of optionsIn(word, options, command)) {
      const taken = value ?? (option.value === undefined ? '' : words[++index]);
      if (taken === undefined || (value === undefined && taken.startsWith('-') && !isNumber(taken)))
        throw new CliError([`${CLI}MissingArgumentException: Missing argument for option: ${option.name}`]);
      const former = exclusive.find((name) => name !== option.name && given.has(name));
      if (exclusive.includes(option.name) && former !== undefined)
        throw new CliError([
          `${CLI}AlreadySelectedException: The option '${option.name}' was specified but an option from this group has already been selected: '${former}'`,
        ]);
      given.set(option.name, taken);
    }
  }
  if (rest.length < least || rest.length > most) throw new CliError([usageOf(command)]);
  return new Operands(given, rest);
}

const CLI = 'org.apache.commons.cli.';

const isNumber = (word: string): boolean => /^-\d+(\.\d+)?$/.test(word);

/** `-s`, `-sw`, `-v3`, `-v=3`, `-add`. */
function optionsIn(
  word: string,
  known: readonly ZkOption[],
  command: ZkCommand,
): readonly { readonly option: ZkOption; readonly value?: string }[] {
  const [, written = '', given] = /^-([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
  const whole = known.find(({ name }) => name === written);
  if (whole !== undefined) return [given === undefined ? { option: whole } : { option: whole, value: given }];
  const found: { option: ZkOption; value?: string }[] = [];
  for (let at = 0; at < written.length; at++) {
    const option = known.find(({ name }) => name === written[at]);
    if (option === undefined) {
      const names = known.map(({ name }) => name);
      const meant = written.length < 2 ? undefined : nearest(written, names);
      const has = names.map((name) => `-${name}`).join(', ');
      throw new CliError(
        [`${CLI}UnrecognizedOptionException: Unrecognized option: ${word}`],
        meant !== undefined
          ? `did you mean -${meant}?`
          : has === ''
            ? `${command.name} has no options`
            : `${command.name} has ${has}`,
      );
    }
    if (option.value !== undefined && at + 1 < written.length) {
      found.push({ option, value: written.slice(at + 1) });
      break;
    }
    found.push({ option });
  }
  return found;
}
