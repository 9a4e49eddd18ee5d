/** Pieces of a line, and how to make lines of exactly one width from them. Nothing here knows Ink. */
import type { PartitionHealth, Tone } from '../../tools/view.ts';
import { characterWidth, textWidth, trusted } from './text-width.ts';

export interface Piece {
  readonly text: string;
  readonly tone?: Tone;
  readonly bold?: boolean;
  readonly inverse?: boolean;
  /** What it stands for (`partition:orders-0`): it can be selected, drilled into, and asked about. */
  readonly key?: string;
}
export type Line = readonly Piece[];

export const width = (line: Line): number => line.reduce((sum, { text }) => sum + textWidth(text), 0);

/** Cuts at the right, with an ellipsis; what a terminal cannot be trusted with does not get through. */
export function cut(text: string, columns: number): string {
  const clean = trusted(text);
  if (textWidth(clean) <= columns) return clean;
  if (columns < 1) return '';
  let kept = '';
  let left = columns - 1;
  for (const character of clean) {
    left -= characterWidth(character);
    if (left < 0) break;
    kept += character;
  }
  return `${kept}…`;
}

export function pad(text: string, columns: number): string {
  const short = cut(text, columns);
  return short + ' '.repeat(Math.max(0, columns - textWidth(short)));
}

export function padLeft(text: string, columns: number): string {
  const short = cut(text, columns);
  return ' '.repeat(Math.max(0, columns - textWidth(short))) + short;
}

/** A line of exactly so many columns. */
export function fitLine(line: Line, columns: number): Line {
  const fitted: Piece[] = [];
  let left = columns;
  for (const piece of line) {
    if (left <= 0) break;
    const text = cut(piece.text, left);
    left -= textWidth(text);
    fitted.push({ ...piece, text });
  }
  if (left > 0) fitted.push({ text: ' '.repeat(left) });
  return fitted;
}

/** Everything that can be selected in these lines, each once, from above. */
export function keysOf(lines: readonly Line[]): readonly string[] {
  const keys = new Set<string>();
  for (const line of lines) for (const { key } of line) if (key !== undefined) keys.add(key);
  return [...keys];
}

/** The selection is shown by reverse video; neighbours that look alike become one piece, so that a hundred signs are not a hundred elements. */
export function highlight(line: Line, selected: string | undefined): Line {
  const pieces: Piece[] = [];
  for (const { key, ...piece } of line) {
    const next = key !== undefined && key === selected ? { ...piece, inverse: true } : piece;
    const last = pieces.at(-1);
    if (last !== undefined && alike(last, next)) pieces[pieces.length - 1] = { ...last, text: last.text + next.text };
    else pieces.push(next);
  }
  return pieces;
}

const alike = (a: Piece, b: Piece): boolean => a.tone === b.tone && a.bold === b.bold && a.inverse === b.inverse;

/** Whether two lines look the same. */
export function sameLine(a: Line, b: Line): boolean {
  return (
    a === b || (a.length === b.length && a.every((piece, at) => piece.text === b[at]!.text && alike(piece, b[at]!)))
  );
}

/** Puts one key on every piece of a line. */
export function keyed(key: string, line: Line): Line {
  return line.map((piece) => ({ ...piece, key }));
}

/** Whether a row holds every word of a filter, and none of those with `!` or a minus before it. Letters' case does not matter. */
export function matches(filter: string, row: string): boolean {
  if (filter === '') return true;
  const text = row.toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => (/^[!-]/.test(word) ? word.length === 1 || !text.includes(word.slice(1)) : text.includes(word)));
}

/** Exactly so many lines: cut at the end, or filled up with empty ones. */
export function fill(lines: readonly Line[], rows: number): readonly Line[] {
  const kept = lines.slice(0, Math.max(0, rows));
  while (kept.length < rows) kept.push([]);
  return kept;
}

/** Puts pieces one after another, and goes on in a new line where they would not fit. */
export function wrap(pieces: readonly Line[], columns: number, gap = '  '): readonly Line[] {
  const lines: Piece[][] = [];
  let current: Piece[] = [];
  let used = 0;
  for (const piece of pieces) {
    const wanted = width(piece) + (used === 0 ? 0 : gap.length);
    if (used > 0 && used + wanted > columns) {
      lines.push(current);
      current = [];
      used = 0;
    }
    if (used > 0) current.push({ text: gap });
    current.push(...piece);
    used += used === 0 ? width(piece) : wanted;
  }
  if (current.length > 0) lines.push(current);
  return lines;
}

export const SIGNS: Readonly<Record<Tone, string>> = { good: '●', warn: '◐', bad: '✗', plain: '·', dim: '·' };

export const HEALTH_SIGNS: Readonly<Record<PartitionHealth, string>> = {
  ok: '●',
  'under-replicated': '◐',
  'under min ISR': '○',
  offline: '✗',
};

export const HEALTH_TONES: Readonly<Record<PartitionHealth, Tone>> = {
  ok: 'good',
  'under-replicated': 'warn',
  'under min ISR': 'bad',
  offline: 'bad',
};

const BARS = '▁▂▃▄▅▆▇█';

/** The last values as bars of the largest among them. */
export function sparkline(values: readonly number[], columns: number): string {
  const shown = values.slice(-columns);
  const most = Math.max(1, ...shown);
  return shown.map((value) => BARS[Math.min(BARS.length - 1, Math.floor((value / most) * (BARS.length - 1)))]).join('');
}
