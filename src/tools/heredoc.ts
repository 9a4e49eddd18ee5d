/** Lines that belong to the one before them: `kafka-console-producer --topic orders <<EOF`, some lines, `EOF`. */
import { PipeError } from './pipes.ts';

/** What opens it, outside of quotes; quotes around the word mean nothing here, since nothing is replaced in the lines. */
const OPENING = /\s*<<(-?)\s*(?:'([\w.-]+)'|"([\w.-]+)"|([A-Za-z_][\w.-]*))\s*(?=$|\|)/;

interface Opening {
  /** The line without it. */
  readonly line: string;
  /** The line that ends it. */
  readonly word: string;
  /** `<<-`: tabs before the lines are left out. */
  readonly dedented: boolean;
}

export function opensHeredoc(text: string): Opening | undefined {
  const [first = ''] = text.split('\n', 1);
  const match = OPENING.exec(quotesBlanked(first));
  if (match === null) return undefined;
  const word = first.slice(match.index, match.index + match[0].length).match(/[\w.-]+\s*$/)?.[0] ?? '';
  const [, dash, single, double, bare] = match;
  return {
    line: `${first.slice(0, match.index)} ${first.slice(match.index + match[0].length)}`.trim(),
    word: single ?? double ?? bare ?? word,
    dedented: dash === '-',
  };
}

/** A quoted text may hold anything; the same length of blanks opens nothing. The word behind `<<` keeps its quotes. */
function quotesBlanked(line: string): string {
  return line.replace(/(<<-?\s*)?("[^"]*"|'[^']*')/g, (all, before: string | undefined) =>
    before === undefined ? ' '.repeat(all.length) : all,
  );
}

/** A whole text: its line, and the lines that are fed to it. Throws `PipeError` where the end is missing. */
export function readHeredoc(text: string): { readonly line: string; readonly fed: readonly string[] | undefined } {
  const opening = opensHeredoc(text);
  if (opening === undefined) return { line: text, fed: undefined };
  const lines = text.split('\n').slice(1).map(dedent(opening));
  const end = lines.indexOf(opening.word);
  if (end < 0)
    throw new PipeError(`the lines behind <<${opening.word} have no end: a line with ${opening.word} alone ends them`);
  return { line: opening.line, fed: lines.slice(0, end) };
}

const dedent =
  ({ dedented }: Opening) =>
  (line: string): string =>
    dedented ? line.replace(/^\t+/, '') : line;

/** Puts lines together that belong together. */
export class LineReader {
  #opening: Opening | undefined;
  #lines: string[] = [];

  /** The word that ends the lines that are being fed; undefined while none are. */
  get feeding(): string | undefined {
    return this.#opening?.word;
  }

  /** A whole text, or undefined: more lines belong to it. */
  add(line: string): string | undefined {
    if (this.#opening === undefined) {
      const opening = opensHeredoc(line.replace(/(^|\s)#.*$/, ''));
      if (opening === undefined) return line;
      this.#opening = opening;
    }
    this.#lines.push(line);
    if (this.#lines.length === 1 || dedent(this.#opening)(line) !== this.#opening.word) return undefined;
    return this.end();
  }

  /** Nothing more comes: what was begun, as it is; undefined where nothing was. */
  end(): string | undefined {
    const text = this.#lines.length === 0 ? undefined : this.#lines.join('\n');
    this.#opening = undefined;
    this.#lines = [];
    return text;
  }
}

/** One line, fed to a tool. */
export function fedWith(line: string, fed: readonly string[]): string {
  let word = 'EOF';
  while (fed.includes(word)) word = `_${word}`;
  return [`${line} <<${word}`, ...fed, word].join('\n');
}

/** For lists: the lines of a text behind one another. */
export function onOneLine(text: string): string {
  return text.replaceAll('\n', ' \\n ');
}
