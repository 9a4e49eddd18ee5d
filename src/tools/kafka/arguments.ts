/** Options as Kafka's tools read them (JOpt Simple): `--topic x`, `--topic=x`, any beginning of a name that means one option alone. */
import { nearest } from '../../config/nearest.ts';
import { UsageError } from './failure.ts';
import { type Tool, type ToolOption, writtenOption } from './tool.ts';

/** Taken by every tool and without meaning here: there is one cluster, and one operator. */
const IGNORED: readonly ToolOption[] = [
  'bootstrap-server',
  'bootstrap-controller',
  'broker-list',
  'zookeeper',
  'command-config',
  'admin.config',
].map((name) => ({ name, value: 'x', about: '' }));

/** Options that several real tools have, and none here. */
const NOWHERE: Readonly<Record<string, string>> = {
  version: 'the tools are part of kzsim; `kzsim --version` is its version',
};

export class Arguments {
  /** Every option in its place, with its value; '' where it takes none. */
  readonly inOrder: readonly (readonly [name: string, value: string])[];
  /** The words before the options: `describe`. */
  readonly words: readonly string[];
  readonly #values: ReadonlyMap<string, readonly string[]>;
  readonly #parser: Tool['parser'];

  constructor(inOrder: Arguments['inOrder'], words: readonly string[], parser: Tool['parser']) {
    this.#parser = parser;
    this.inOrder = inOrder;
    this.words = words;
    const values = new Map<string, string[]>();
    for (const [name, value] of inOrder) values.set(name, [...(values.get(name) ?? []), value]);
    this.#values = values;
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** The last value that was given. */
  get(name: string): string | undefined {
    return this.#values.get(name)?.at(-1);
  }

  all(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  /** Throws `UsageError` where it was not given. */
  required(name: string): string {
    const value = this.get(name);
    if (value === undefined)
      throw new UsageError(
        this.#parser === undefined ? `Missing required argument "[${name}]"` : `argument --${name} is required`,
      );
    return value;
  }

  /** Throws `UsageError` for what is no integer. */
  integer(name: string): number | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    if (!/^[+-]?\d+$/.test(value))
      throw new UsageError(
        this.#parser === undefined
          ? `Cannot parse argument '${value}' of option ${name}`
          : `argument --${name}: could not convert '${value}' to Integer`,
      );
    return Number(value);
  }

  /** The command in front of the options. Throws `UsageError` where it is not exactly one. */
  command(): string {
    const [command, ...more] = this.words;
    if (command === undefined) throw new UsageError('too few arguments');
    if (more.length > 0) throw new UsageError(`unrecognized arguments: ${more.map((word) => `'${word}'`).join(' ')}`);
    return command;
  }

  /** Which one of them was given. Throws `UsageError` with `otherwise` where it is not exactly one. */
  exactlyOne(names: readonly string[], otherwise: string): string {
    const given = names.filter((name) => this.has(name));
    if (given.length !== 1) throw new UsageError(otherwise);
    return given[0]!;
  }

  /** Throws `UsageError` where both were given. */
  exclude(name: string, others: readonly string[]): void {
    for (const other of others)
      if (this.has(name) && this.has(other))
        throw new UsageError(`Option "[${name}]" can't be used with option "[${other}]"`);
  }
}

/** Throws `UsageError`. */
export function readArguments(
  words: readonly string[],
  {
    name: tool,
    options,
    commands = [],
    refuses = {},
    parser,
  }: Pick<Tool, 'name' | 'options' | 'commands' | 'refuses' | 'parser'>,
): Arguments {
  const known = [...options, ...IGNORED.filter(({ name }) => !options.some((option) => option.name === name))];
  const inOrder: [string, string][] = [];
  const before: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    const [, dashes, written, given] = /^(--?)([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (dashes === undefined || written === undefined) {
      if (!commands.includes(word))
        throw new UsageError(strayWord(word, commands, before.length === 0 ? parser : undefined));
      before.push(word);
      continue;
    }
    const why = refuses[written] ?? NOWHERE[written];
    if (why !== undefined && !known.some(({ name }) => name === written))
      throw new UsageError(`--${written} of ${tool} is not taken here: ${why}`);
    const option = find(written, known, parser);
    if (option.value === undefined && given !== undefined) throw new UsageError(`${option.name} takes no value`);
    const left = option.optional === true && (words[index + 1]?.startsWith('-') ?? true);
    const value = option.value === undefined || (left && given === undefined) ? '' : (given ?? words[++index]);
    if (value === undefined) throw new UsageError(`Option ${option.name} requires an argument`);
    inOrder.push([option.name, value]);
    while (option.many === true && words[index + 1]?.startsWith('-') === false)
      inOrder.push([option.name, words[++index]!]);
  }
  return new Arguments(inOrder, before, parser);
}

function strayWord(word: string, commands: readonly string[], parser: Tool['parser']): string {
  const meant = nearest(word, commands);
  if (parser !== undefined)
    return `invalid choice: '${word}' (choose from ${commands.map((command) => `'${command}'`).join(', ')})${meant === undefined ? '' : `; did you mean ${meant}?`}`;
  if (meant !== undefined) return `there is no command ${word}; did you mean ${meant}?`;
  return commands.length === 0
    ? `"${word}" belongs to no option`
    : `"${word}" belongs to no option, and the commands are ${commands.join(', ')}`;
}

function find(written: string, known: readonly ToolOption[], parser: Tool['parser']): ToolOption {
  const exact = known.find(({ name }) => name === written);
  if (exact !== undefined) return exact;
  const candidates = known.filter(({ name }) => written.length > 1 && name.startsWith(written));
  if (candidates.length === 1) return candidates[0]!;
  if (candidates.length === 0) {
    throw new UsageError(
      parser === undefined
        ? `${written} is not a recognized option`
        : `unrecognized arguments: '${writtenOption({ name: written })}'`,
    );
  }
  throw new UsageError(`${written} could be ${candidates.map(({ name }) => `--${name}`).join(' or ')}`);
}
