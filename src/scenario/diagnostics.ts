/** What is wrong with a file: where, what, and what to do; all of it at once. */

export interface Diagnostic {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint: string | undefined;
  /** The line itself, and how much of it is meant. */
  readonly text: string;
  readonly length: number;
}

/** A file that cannot be played. Nothing has run. */
export class ScenarioError extends Error {
  readonly diagnostics: readonly Diagnostic[];
  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(formatDiagnostic).join('\n'));
    this.name = 'ScenarioError';
    this.diagnostics = diagnostics;
  }
}

/** `file:line:column message - hint`, then the line with a caret under what is meant. */
export function formatDiagnostic({ file, line, column, message, hint, text, length }: Diagnostic): string {
  const head = `${file}:${line}:${column} ${message}${hint === undefined ? '' : ` - ${hint}`}`;
  if (text.trim() === '') return head;
  const margin = String(line);
  const [excerpt, at] = around(text.trimEnd(), column - 1);
  const carets = '^'.repeat(Math.max(1, Math.min(length, excerpt.length - at)));
  return `${head}\n  ${margin} | ${excerpt}\n  ${' '.repeat(margin.length)} | ${' '.repeat(at)}${carets}`;
}

/** More of a line than this hides its mistake instead of showing it. */
const MOST_SHOWN = 160;

/** What to show of a line, and where in that the finger points. */
function around(text: string, at: number): readonly [excerpt: string, at: number] {
  if (text.length <= MOST_SHOWN) return [text, at];
  const from = Math.max(0, Math.min(at - MOST_SHOWN / 2, text.length - MOST_SHOWN));
  return [text.slice(from, from + MOST_SHOWN), at - from];
}

export function sortDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...diagnostics].sort((a, b) => a.line - b.line || a.column - b.column || (a.message < b.message ? -1 : 1));
}
