/** Words behind a verb: its subject, its options, and their values. */
import { z } from 'zod';
import { argumentKind } from '../../cluster/verbs/arguments.ts';
import { innerType, isSwitch, literalsOf } from '../../cluster/verbs/line-values.ts';
import { stepKeys } from '../../cluster/verbs/step-keys.ts';
import type { Verb } from '../../cluster/verbs/verb.ts';
import { namesOf } from '../../config/tables.ts';
import { apis } from '../../protocol/apis/index.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { expressionWords } from './expression.ts';
import { brokerIds, clients, groups, partitions, selectorArgument, targets, topics } from './names.ts';
import type { Place } from './places.ts';

type Shape = Readonly<Record<string, z.ZodType>>;

export function verbWords(verb: Verb, place: Place): readonly string[] {
  const shape = verb.args.shape as Shape;
  if (place.word.startsWith('-')) return optionsOf(verb, place);
  const option = openOption(place.before);
  if (option !== undefined) {
    const schema = shape[option] ?? (stepKeys as Shape)[option];
    if (schema !== undefined && !isSwitch(schema)) return valuesOf(option, schema, place);
    const values = schema !== undefined && /--[\w-]+[= ]\s*$/.test(place.before) ? booleans(schema) : [];
    return [...values, ...optionsOf(verb, place)];
  }
  const { subject } = verb;
  if (verb.name === 'let') return place.before.includes('=') ? expressionWords(place) : [];
  if (subject === null) return optionsOf(verb, place);
  const kind = argumentKind(shape[subject]!);
  const typed = place.before.replace(/^\s*\S+/, '').trim();
  const open = typed === '' || /[,(|[]$/.test(typed) || kind === 'expression';
  if (!open && place.before.includes(' --')) return optionsOf(verb, place);
  if (!open && kind !== 'groups' && kind !== 'endpoints') return optionsOf(verb, place);
  return valuesOf(subject, shape[subject]!, place);
}

/** `replicationFactor` for `--replication-factor` and what follows it, as long as its value may go on. */
function openOption(before: string): string | undefined {
  const match = /\s--([A-Za-z][\w-]*)(?:=|\s+)((?:(?!\s--).)*)$/.exec(before);
  if (match === null) return undefined;
  const [, name, typed = ''] = match;
  const goesOn = typed.trim() === '' || /[,(|[={]\s*$/.test(typed) || typed.includes('==') || /^\S*$/.test(typed);
  return goesOn ? camel(name!) : undefined;
}

const camel = (name: string): string => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

function optionsOf({ args, subject, fault, name }: Verb, { before }: Place): readonly string[] {
  if (name === 'say') return [];
  const own = Object.keys(args.shape).filter((option) => option !== subject && name !== 'let');
  return [...own, 'as', ...(fault ? ['during'] : []), 'timeout']
    .map((option) => `--${option}`)
    .filter((option) => !before.includes(`${option} `) && !before.includes(`${option}=`));
}

function booleans(schema: z.ZodType): readonly string[] {
  return innerType(schema) instanceof z.ZodBoolean ? ['true', 'false'] : [];
}

function valuesOf(name: string, schema: z.ZodType, place: Place): readonly string[] {
  switch (argumentKind(schema)) {
    case 'target':
    case 'endpoints':
    case 'groups':
      return inSelector(place) ?? targets(place);
    case 'partition':
    case 'partitions':
      return partitions(place);
    case 'topic':
      return topics(place);
    case 'group':
      return groups(place);
    case 'client':
      return clients(place);
    case 'api':
      return apis.map((api) => api.name);
    case 'error':
      return Object.keys(ErrorCode);
    case 'expression':
      return inSelector(place) ?? expressionWords(place);
    case 'topicConfig':
      return settings(place);
    default:
      if (name === 'remove') return configNames(place);
      return name === 'broker' ? [...brokerIds(place), ...literalsOf(schema)] : literalsOf(schema);
  }
}

/** In the parentheses of a selector. */
function inSelector(place: Place): readonly string[] | undefined {
  const match = /([A-Za-z]+)\(([^()]*)$/.exec(place.before);
  return match === null ? undefined : selectorArgument(match[1]!, match[2]!.split(',').length - 1, place);
}

/** Of a topic, or of a broker where the line says one. */
function configNames({ before }: Place): readonly string[] {
  return [...namesOf(/--broker\b/.test(before) ? 'broker' : 'topic')];
}

function settings(place: Place): readonly string[] {
  return configNames(place).map((name) => `${name}=`);
}
