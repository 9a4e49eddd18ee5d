/** What is wrong with a line that can be read: an argument that is missing or none of its kind, a name that nothing has. */
import type { z } from 'zod';
import type { Cluster } from '../cluster/cluster.ts';
import type { Catalog } from '../cluster/names.ts';
import { checkPartition, checkTarget, SelectorError } from '../cluster/selectors.ts';
import { argumentKind, splitList } from '../cluster/verbs/arguments.ts';
import { healsAll } from '../cluster/verbs/heal.ts';
import { literalsOf, takesNumber } from '../cluster/verbs/line-values.ts';
import type { Verb } from '../cluster/verbs/verb.ts';
import type { ConfigScope } from '../config/entry.ts';
import { nearest } from '../config/nearest.ts';
import { validateConfig } from '../config/validate.ts';
import { didYouMean } from './did-you-mean.ts';

type Arguments = Readonly<Record<string, unknown>>;

/** A sentence for what a schema found: what is wanted, and an example. `given` are the arguments as they were read. */
export function argumentMistake(verb: Verb, given: Arguments, issue: z.core.$ZodIssue): string {
  const { path, message } = issue;
  const name = path[0] === undefined ? undefined : String(path[0]);
  const schema = name === undefined ? undefined : (verb.args.shape[name] as z.ZodType | undefined);
  const example = `for example: ${verb.examples[0]!.prompt}`;
  if (name === undefined) return `${verb.name}: ${message}; ${example}`;
  const option = name === verb.subject ? verb.name : `${verb.name} --${name}`;
  if (schema !== undefined && given[name] === undefined)
    return `${name === verb.subject ? `${verb.name} needs ${withArticle(name)}` : `${option} is missing`}; ${example}`;
  const words = schema === undefined ? [] : literalsOf(schema);
  if (words.length === 0) return `${option}${wanted(issue, given[name])}; ${example}`;
  const written = String(given[name]);
  const all = schema !== undefined && takesNumber(schema) ? [...words, 'a number'] : words;
  return `${option} is ${orList(all)}, not "${written}"${didYouMean(nearest(written, words))}`;
}

const withArticle = (name: string): string => `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`;

const TYPES: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'a whole number',
  string: 'a text',
  tuple: 'two sides such as 1,2',
  array: 'a list',
  record: 'settings such as name=value',
};

/** Behind the name of an argument: what is wanted of it. */
function wanted(issue: z.core.$ZodIssue, given: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return ` is ${TYPES[issue.expected] ?? issue.expected}, not ${JSON.stringify(given)}`;
    case 'too_small':
      return ` is ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}, not ${JSON.stringify(given)}`;
    case 'too_big':
      return ` is at most ${issue.maximum}, not ${JSON.stringify(given)}`;
    case 'invalid_union':
      return `: ${JSON.stringify(given)} is not what it takes`;
    default:
      return `: ${issue.message}`;
  }
}

function orList(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** Throws `SelectorError` for a name that nothing here has. */
export function checkArguments(
  verb: Verb,
  args: Arguments,
  cluster: Cluster,
  bindings: ReadonlyMap<string, unknown>,
): void {
  const bound = (name: string): boolean => {
    if (bindings.has(name)) return true;
    const meant = nearest(name, bindings.keys());
    if (meant !== undefined) throw new SelectorError(`$${name} is not bound here`, `did you mean $${meant}?`);
    return false;
  };
  for (const [name, schema] of Object.entries(verb.args.shape)) {
    const value = args[name];
    if (value === undefined || healsAll(verb, value)) continue;
    const scope = args.broker === undefined ? 'topic' : 'broker';
    checkNames(verb, scope, schema as z.ZodType, value, cluster, bound);
  }
}

function checkNames(
  verb: Verb,
  scope: ConfigScope,
  schema: z.ZodType,
  value: unknown,
  { catalog, config }: Cluster,
  bound: (name: string) => boolean,
): void {
  switch (argumentKind(schema)) {
    case 'target':
    case 'endpoints':
    case 'groups':
      for (const item of flat(value)) checkTarget(item, catalog, bound);
      return;
    case 'partition':
    case 'partitions':
      for (const item of flat(value)) checkPartition(String(item), catalog);
      return;
    case 'topic':
      // A producer or a consumer of Kafka's may make one.
      if (verb.family !== 'clients' || !config.boolean('auto.create.topics.enable'))
        checkKnown('topic', String(value), catalog.topics().keys());
      return;
    case 'group':
      checkKnown('group', String(value), catalog.groups());
      return;
    case 'client':
      if (verb.name !== 'inject') checkKnown('client', String(value), clientNames(catalog));
      return;
    case 'topicConfig':
      checkSettings(verb, scope, value as Readonly<Record<string, string | number | boolean>>);
      return;
    default:
  }
}

function flat(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(flat);
  return splitList(String(value));
}

const clientNames = (catalog: Catalog): readonly string[] => [...catalog.clients().keys()];

function checkKnown(what: string, name: string, known: Iterable<string>): void {
  const names = [...known];
  if (names.includes(name)) return;
  const meant = nearest(name, names);
  const shown = names.filter((other) => !other.startsWith('__'));
  const there = shown.length === 0 ? 'there is none' : `there ${shown.length === 1 ? 'is' : 'are'} ${shown.join(', ')}`;
  throw new SelectorError(`there is no ${what} "${name}"`, meant === undefined ? there : `did you mean ${meant}?`);
}

function checkSettings(
  verb: Verb,
  scope: ConfigScope,
  settings: Readonly<Record<string, string | number | boolean>>,
): void {
  if (verb.name !== 'createTopic' && verb.name !== 'alterConfig') return;
  for (const [name, value] of Object.entries(settings)) {
    const problem = validateConfig(scope, name, value);
    if (problem !== null) throw new SelectorError(problem);
  }
}
