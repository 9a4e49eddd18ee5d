/** `… | grep orders-0 | head -3`: what may stand behind a line of the prompt, after its answer. */
import { nearest } from '../config/nearest.ts';
import { didYouMean } from './did-you-mean.ts';
import type { Reply } from './session.ts';
import { splitPipes } from './words.ts';

type Filter = (lines: readonly string[]) => readonly string[];

/** What is left of an answer. */
type ReplyFilter = (reply: Pick<Reply, 'lines' | 'data'>) => readonly string[];

/** Ends a line that cannot be piped so; its message says why. */
export class PipeError extends Error {}

export const FILTERS: readonly string[] = ['grep', 'head', 'tail', 'wc', 'json'];

/** The line before its filters, and what they make of its answer. Throws `PipeError`. */
export function readPipes(line: string): { readonly line: string; readonly filter: ReplyFilter | undefined } {
  const [, plain] = /^(.*\S)\s+(?:-o|--output)[ =]json$/.exec(line) ?? [];
  if (plain !== undefined) return readPipes(`${plain} | json`);
  if (!line.includes('|')) return { line, filter: undefined };
  const pieces = splitPipes(line) ?? [];
  const first = pieces.findIndex(({ words }, index) => index > 0 && FILTERS.includes(words[0] ?? ''));
  if (first < 0) {
    const last = pieces.length > 1 ? (pieces.at(-1)!.words[0] ?? '') : '';
    if (nearest(last, FILTERS) !== undefined) throw noFilter(last);
    return { line, filter: undefined };
  }
  const named = pieces.slice(first);
  const filters = named.map(({ words: [name = '', ...args] }) => {
    const make = MAKERS[name];
    if (make === undefined) throw noFilter(name);
    return make(args);
  });
  const rest = pieces.slice(0, first).map(({ text }) => text);
  const filter: ReplyFilter = ({ lines, data }) => {
    // JSON of the whole answer is made from what it says, not from how it looks.
    if (data === undefined || named[0]!.words[0] !== 'json') return filters.reduce((piped, next) => next(piped), lines);
    return filters.slice(1).reduce((piped, next) => next(piped), [JSON.stringify(data)] as readonly string[]);
  };
  return { line: rest.join(' | '), filter };
}

export function noFilter(name: string): PipeError {
  const meant = didYouMean(nearest(name, FILTERS)) || `; there are ${FILTERS.join(', ')}`;
  return new PipeError(`there is no "${name}" to pipe into${meant}`);
}

const MAKERS: Readonly<Record<string, (args: readonly string[]) => Filter>> = {
  grep(args) {
    const flags = args.filter((arg) => arg.startsWith('-') && arg.length > 1).join('');
    const pattern = args.find((arg) => !arg.startsWith('-'));
    if (pattern === undefined || /[^-viEceFn]/.test(flags))
      throw new PipeError('grep takes a pattern, and -v, -i, -E, -F or -c before it');
    const source = flags.includes('F') ? pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : pattern;
    const expression = regularExpression(source, flags.includes('i') ? 'i' : '');
    const kept: Filter = (lines) => lines.filter((line) => expression.test(line) !== flags.includes('v'));
    return flags.includes('c') ? (lines) => [String(kept(lines).length)] : kept;
  },
  head: (args) => {
    const count = lineCount('head', args);
    return (lines) => lines.slice(0, count);
  },
  tail: (args) => {
    const count = lineCount('tail', args);
    return (lines) => (count === 0 ? [] : lines.slice(-count));
  },
  wc(args) {
    if (args.some((arg) => !['-l', '-w', '-c'].includes(arg))) throw new PipeError('wc takes -l, -w or -c');
    return (lines) => {
      const counts = {
        '-l': lines.length,
        '-w': lines.flatMap((line) => line.split(/\s+/).filter((word) => word !== '')).length,
        '-c': lines.reduce((sum, line) => sum + line.length + 1, 0),
      };
      const wanted = (['-l', '-w', '-c'] as const).filter((flag) => args.length === 0 || args.includes(flag));
      return [wanted.map((flag) => counts[flag]).join(' ')];
    };
  },
  json: () => (lines) => [JSON.stringify(lines.map(jsonOf))],
};

/** A line that is JSON itself is taken for what it says. */
function jsonOf(line: string): unknown {
  if (!/^\s*[{[]/.test(line)) return line;
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return line;
  }
}

function lineCount(name: string, args: readonly string[]): number {
  const match = /^(?:-n ?|-)?(\d+)$/.exec(args.join(' '));
  if (match === null && args.length > 0) throw new PipeError(`${name} takes a number of lines: ${name} -5`);
  return match === null ? 10 : Number(match[1]);
}

function regularExpression(source: string, flags: string): RegExp {
  try {
    return new RegExp(source, flags);
  } catch {
    throw new PipeError(`"${source}" is no regular expression; grep -F takes it as it is`);
  }
}
