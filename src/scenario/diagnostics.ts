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
  const carets = '^'.repeat(Math.max(1, Math.min(length, text.length - column + 1)));
  return `${head}\n  ${margin} | ${text}\n  ${' '.repeat(margin.length)} | ${' '.repeat(column - 1)}${carets}`;
}

export function sortDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...diagnostics].sort((a, b) => a.line - b.line || a.column - b.column || (a.message < b.message ? -1 : 1));
}
