import type { z } from 'zod';
import { argumentKind } from '../cluster/verbs/arguments.ts';
import { isSwitch, literalsOf, takesNumber } from '../cluster/verbs/line-values.ts';
import type { Verb } from '../cluster/verbs/verb.ts';

/** `kill TARGET [--during 20s] [--as NAME]`. */
export function verbUsage(verb: Verb): string {
  const { name, subject, fault } = verb;
  const shape = verb.args.shape as Readonly<Record<string, z.ZodType>>;
  if (name === 'let') return 'let NAME = VALUE';
  const words = [name];
  if (subject !== null) words.push(written(shape[subject]!));
  for (const [option, schema] of Object.entries(shape)) {
    if (option === subject) continue;
    const text = isSwitch(schema) ? `--${option}` : `--${option} ${written(schema)}`;
    words.push(schema.isOptional() ? `[${text}]` : text);
  }
  if (fault) words.push('[--during DURATION]');
  return words.join(' ');
}

const KINDS: Readonly<Record<string, string>> = {
  target: 'NODE',
  endpoints: 'A,B',
  groups: '1,2 | 3',
  expression: 'EXPR',
  topicConfig: 'NAME=VALUE',
  newName: 'NAME',
  topics: 'TOPIC',
  api: 'API',
  error: 'ERROR',
};

function written(schema: z.ZodType): string {
  const words = literalsOf(schema);
  if (words.length > 0) return [...words, ...(takesNumber(schema) ? ['N'] : [])].join('|');
  const kind = argumentKind(schema);
  return kind === undefined ? 'N' : (KINDS[kind] ?? kind.toUpperCase());
}
