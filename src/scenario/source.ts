/** The text of a scenario as YAML, with the places of everything in it. */
import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { type Diagnostic, ScenarioError, sortDiagnostics } from './diagnostics.ts';
import { mendTraps } from './traps.ts';

const MOST_BYTES = 1 << 20;
/** Aliases of a document may not unfold to more than this. */
const MOST_ALIASES = 100;

export type Path = readonly (string | number)[];

/** Where in a value the finger points: at the value, at its key, or at a part of its text. */
export interface Place {
  readonly path: Path;
  readonly at?: 'key';
  /** Offsets into the text of a scalar. */
  readonly span?: { readonly start: number; readonly end: number };
}

export class Source {
  readonly file: string;
  readonly value: unknown;
  /** What YAML reads otherwise than it is meant; the value is read as it is meant. */
  readonly traps: readonly Diagnostic[];
  readonly #lines: readonly string[];
  readonly #counter: LineCounter;
  readonly #document: Document;
  readonly #text: string;

  private constructor(
    file: string,
    text: string,
    document: Document,
    counter: LineCounter,
    lines: readonly string[],
    traps: readonly Diagnostic[],
  ) {
    this.file = file;
    this.#text = text;
    this.#lines = lines;
    this.traps = traps;
    this.#document = document;
    this.#counter = counter;
    this.value = document.toJS({ maxAliasCount: MOST_ALIASES });
  }

  /** Reads a text. Throws `ScenarioError` for what is not YAML, or no scenario at first sight. */
  static read(file: string, text: string): Source {
    const whole = (message: string, hint?: string) =>
      new ScenarioError([{ file, line: 1, column: 1, message, hint, text: '', length: 1 }]);
    if (text.length > MOST_BYTES) throw whole('the file is larger than 1 MiB', 'a scenario is a small text');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what tells a binary file.
    if (/[\u0000-\u0008\u000e-\u001f\ufffd]/.test(text))
      throw whole('this is not a text file', 'a scenario is YAML in UTF-8');
    if (text.trim() === '') throw whole('the file is empty', 'kzsim scenarios lists examples');
    let { document, counter } = parse(text);
    const mended = mendTraps(text, document.errors.length > 0);
    if (mended.traps.length > 0) ({ document, counter } = parse(mended.text));
    const lines = text.split('\n');
    const say = (start: number, end: number, message: string, hint: string | undefined): Diagnostic => {
      const { line, col } = counter.linePos(start);
      return { file, line, column: col, message, hint, text: lines[line - 1] ?? '', length: Math.max(1, end - start) };
    };
    const traps = mended.traps.map(({ start, end, message, hint }) => say(start, end, message, hint));
    if (document.errors.length > 0)
      throw new ScenarioError(
        withoutEchoes([
          ...traps,
          ...document.errors.map(({ pos, code, message }) => say(pos[0], pos[1], ...yamlMistake(code, message))),
        ]),
      );
    if (!isMap(document.contents)) throw whole('a scenario is a mapping', 'it begins with "version: 1"');
    try {
      return new Source(file, mended.text, document, counter, lines, traps);
    } catch (thrown) {
      // An alias without its anchor, or aliases that unfold without end.
      if (thrown instanceof ReferenceError) throw whole(thrown.message, 'quote a text that begins with *');
      throw thrown;
    }
  }

  /** The diagnostic for a place. What is not there is pointed at by what would hold it. */
  point({ path, at, span }: Place, message: string, hint?: string): Diagnostic {
    const [start, end] = this.#range(path, at === 'key', span);
    const { line, col } = this.#counter.linePos(start);
    return {
      file: this.file,
      line,
      column: col,
      message,
      hint,
      text: this.#lines[line - 1] ?? '',
      length: end - start,
    };
  }

  /** First line of the item at a path. */
  lineOf(path: Path): number {
    return this.#counter.linePos(this.#range(path, false, undefined)[0]).line;
  }

  #range(path: Path, key: boolean, span: Place['span']): readonly [number, number] {
    let node: unknown = this.#document.contents;
    let found: readonly [number, number] = rangeOf(node, [0, 1]);
    for (const [depth, step] of path.entries()) {
      const last = depth === path.length - 1;
      if (isMap(node)) {
        const pair = node.items.find((item) => String(isScalar(item.key) ? item.key.value : item.key) === String(step));
        if (pair === undefined) return found;
        node = pair.value;
        if (last && (key || node === null || (isScalar(node) && node.value === null))) return rangeOf(pair.key, found);
      } else if (isSeq(node)) node = node.items[Number(step)];
      else return found;
      found = rangeOf(node, found);
    }
    if (span === undefined || !isScalar(node)) return found;
    // Quoted texts and folded ones do not stand in the file as they read: only plain ones can be pointed into.
    const quoted = /^["']/.test(this.#text.slice(found[0], found[0] + 1)) ? 1 : 0;
    const shown = this.#text.slice(found[0] + quoted, found[0] + quoted + String(node.value).length);
    if (shown !== String(node.value)) return found;
    return [found[0] + quoted + span.start, found[0] + quoted + Math.max(span.end, span.start + 1)];
  }
}

function rangeOf(node: unknown, otherwise: readonly [number, number]): readonly [number, number] {
  const range = (node as Node | null | undefined)?.range;
  return range ? [range[0], Math.max(range[1], range[0] + 1)] : otherwise;
}

function parse(text: string): { document: Document; counter: LineCounter } {
  const counter = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: counter,
    prettyErrors: false,
    uniqueKeys: true,
    version: '1.2',
    merge: false,
  });
  return { document, counter };
}

/** One mistake makes YAML stumble over much that follows: of each line, the first is told. */
function withoutEchoes(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const sorted = sortDiagnostics(diagnostics);
  return sorted.filter((one, index) => sorted.findIndex((other) => other.line === one.line) === index);
}

function yamlMistake(code: string, message: string): readonly [message: string, hint: string | undefined] {
  switch (code) {
    case 'DUPLICATE_KEY':
      return ['this key stands here twice', 'each key may stand once'];
    case 'TAB_AS_INDENT':
      return ['a tab cannot indent', 'use blanks'];
    case 'BAD_SCALAR_START':
      return [`not YAML: ${plainMessage(message)}`, 'quote the text'];
    default:
      return [`not YAML: ${plainMessage(message)}`, undefined];
  }
}

function plainMessage(message: string): string {
  return message.replace(/\s+/g, ' ').replace(/\.$/, '');
}
