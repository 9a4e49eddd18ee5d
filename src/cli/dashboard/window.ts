/** Which of many lines are seen. */
import { cut, type Line, pad } from './text.ts';
import { textWidth } from './text-width.ts';

export interface Windowed {
  readonly lines: readonly Line[];
  /** Lines above and below those that are seen. */
  readonly above: number;
  readonly below: number;
}

export interface Aim {
  readonly selected: string | undefined;
  readonly follows?: 'end' | undefined;
  /** The first line that is seen without a selection. */
  readonly offset?: number;
  /** Whether the head stays; true if left out. */
  readonly head?: boolean;
}

/** Keeps the head (leading lines without keys), and of the rest what is around the selection, or the beginning, or the end. */
export function windowed(
  lines: readonly Line[],
  rows: number,
  { selected, follows, offset = 0, head: keepsHead = true }: Aim,
): Windowed {
  if (lines.length <= rows) return { lines, above: 0, below: 0 };
  const firstKeyed = lines.findIndex((line) => line.some(({ key }) => key !== undefined));
  const head = keepsHead ? Math.min(Math.max(0, firstKeyed), Math.max(0, rows - 1)) : 0;
  const body = lines.slice(head);
  const room = Math.max(1, rows - head);
  const at = selected === undefined ? -1 : body.findIndex((line) => line.some(({ key }) => key === selected));
  const last = body.length - room;
  const from =
    at < 0
      ? follows === 'end'
        ? last
        : Math.min(last, offset)
      : Math.min(last, Math.max(0, at - Math.floor(room / 2)));
  return {
    lines: [...lines.slice(0, head), ...body.slice(from, from + room)],
    above: from,
    below: last - from,
  };
}

/** A rule with a name, reversed where it has the focus, and a note of what is not seen. */
export function rule(name: string, note: string, { columns, focused }: { columns: number; focused: boolean }): Line {
  const title = cut(` ${name} `, Math.max(4, columns - 4));
  const wanted = note === '' ? '' : ` ${note} ──`;
  const tail = textWidth(wanted) > columns - 3 - textWidth(title) ? '' : wanted;
  const left = Math.max(0, columns - 2 - textWidth(title) - textWidth(tail));
  return [
    { text: '──', tone: 'dim' },
    { text: title, bold: true, inverse: focused },
    { text: pad('─'.repeat(left), left), tone: 'dim' },
    { text: tail, tone: 'dim' },
  ];
}

export function hiddenNote({ above, below }: Windowed): string {
  const parts = [above > 0 ? `↑${above}` : '', below > 0 ? `↓${below}` : ''].filter((part) => part !== '');
  return parts.join(' ');
}
