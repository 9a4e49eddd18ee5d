/** From what zod finds wrong to what a person can mend. */
import type { z } from 'zod';
import { nearest } from '../config/nearest.ts';
import type { Diagnostic } from './diagnostics.ts';
import type { Path, Source } from './source.ts';

type Issue = z.core.$ZodIssue;

/** The diagnostics of a failed parse of the value at `base`. `keysAt` lists the keys that may stand at a path below it. */
export function diagnose(
  source: Source,
  issues: readonly Issue[],
  base: Path,
  keysAt: (path: Path) => readonly string[],
): Diagnostic[] {
  return issues.flatMap((issue) => one(source, issue, base, keysAt));
}

function one(source: Source, issue: Issue, base: Path, keysAt: (path: Path) => readonly string[]): Diagnostic[] {
  const below = issue.path.filter((step): step is string | number => typeof step !== 'symbol');
  const path = [...base, ...below];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => {
        const known = keysAt(below);
        const hint = nearest(key, known);
        const help = hint
          ? `did you mean "${hint}"?`
          : known.length > 0
            ? `known here: ${known.join(', ')}`
            : undefined;
        return source.point({ path: [...path, key], at: 'key' }, `unknown key "${key}"`, help);
      });
    case 'too_small':
    case 'too_big': {
      const [limit, least] = issue.code === 'too_small' ? [issue.minimum, 'least'] : [issue.maximum, 'most'];
      const what = issue.origin === 'array' ? ' items' : issue.origin === 'string' ? ' letters' : '';
      return [source.point({ path }, `${shown(issue.input)} is not allowed here`, `at ${least} ${limit}${what}`)];
    }
    case 'invalid_union':
      if (issue.input === undefined && issue.errors.flat().every(({ code }) => code === 'invalid_type'))
        return [source.point({ path }, `missing required key "${below.at(-1) ?? path.at(-1)}"`)];
      return union(source, issue, base, path, keysAt);
    case 'invalid_type':
      return issue.input === undefined
        ? [source.point({ path }, `missing required key "${below.at(-1)}"`, `expected ${called(issue.expected)}`)]
        : [source.point({ path }, `expected ${called(issue.expected)}, found ${shown(issue.input)}`)];
    case 'invalid_value': {
      if (issue.input === undefined)
        return [
          source.point(
            { path },
            `missing required key "${below.at(-1)}"`,
            `write ${below.at(-1)}: ${issue.values.map(String).join(' or ')}`,
          ),
        ];
      const hint = nearest(String(issue.input), issue.values.map(String));
      return [
        source.point(
          { path },
          `${shown(issue.input)} is not allowed here`,
          hint ? `did you mean ${hint}?` : `one of ${issue.values.map(String).join(', ')}`,
        ),
      ];
    }
    default:
      return [source.point({ path }, sentence(issue.message))];
  }
}

/** Of the branches of a union, the one that came furthest says what is wrong. */
function union(
  source: Source,
  issue: z.core.$ZodIssueInvalidUnion,
  base: Path,
  path: Path,
  keysAt: (path: Path) => readonly string[],
): Diagnostic[] {
  const depth = (issues: readonly Issue[]) =>
    Math.max(...issues.map(({ path: below, code }) => below.length + (code === 'custom' ? 1 : 0)));
  const branches = issue.errors.filter((issues) => issues.length > 0);
  const best = branches.reduce<readonly Issue[] | undefined>(
    (chosen, issues) => (chosen === undefined || depth(issues) > depth(chosen) ? issues : chosen),
    undefined,
  );
  if (best !== undefined && depth(best) > 0) {
    const lifted = best.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }) as Issue);
    return diagnose(source, lifted, base, keysAt);
  }
  const wanted = [
    ...new Set(
      branches.flatMap((issues) => issues.flatMap((inner) => (inner.code === 'invalid_type' ? [inner.expected] : []))),
    ),
  ];
  return [
    source.point(
      { path },
      `${shown(issue.input)} is not expected here`,
      wanted.length > 0 ? `expected ${wanted.map(called).join(' or ')}` : undefined,
    ),
  ];
}

export function shown(value: unknown): string {
  if (typeof value === 'string') return `"${value}"`;
  if (Array.isArray(value)) return 'a list';
  return value !== null && typeof value === 'object' ? 'a mapping' : String(value);
}

/** What a person calls a type of zod's. */
function called(type: string): string {
  if (type === 'string') return 'a text';
  if (type === 'array' || type === 'tuple') return 'a list';
  if (type === 'object' || type === 'record') return 'a mapping';
  if (type === 'boolean') return 'true or false';
  return type === 'int' ? 'a whole number' : `a ${type}`;
}

function sentence(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
