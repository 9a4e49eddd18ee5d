/** A diagram in letters: lifelines side by side, an arrow a row, what it says at the right. */
import { timeText } from '../causes.ts';
import type { Tone } from '../view.ts';
import { type Diagram, type MarkRow, type MessageRow, type Row, runsAt } from './diagram.ts';
import { ASCII, type Glyphs, UNICODE } from './glyphs.ts';
import { printable } from './letters.ts';

/** A piece of a line; `key` is what it stands for. */
export interface DiagramPiece {
  readonly text: string;
  readonly tone?: Tone;
  readonly bold?: boolean;
  readonly key?: string;
}
export type DiagramLine = readonly DiagramPiece[];

export interface Paper {
  readonly columns: number;
  readonly ascii: boolean;
}

const TIME_COLUMNS = 10;
const NARROWEST_GAP = 6;
const WIDEST_GAP = 22;
/** What words have at least. */
const LEAST_WORDS = 24;
const MOST_LINES = 3;
const MOST_LANES = 6;
const FEWEST_LANES = 2;

/** As many lifelines as leave room for words. */
export function lanesOn(columns: number): number {
  const room = Math.floor((columns - TIME_COLUMNS - LEAST_WORDS - 2) / NARROWEST_GAP);
  return Math.min(MOST_LANES, Math.max(FEWEST_LANES, room));
}

interface Layout {
  readonly places: readonly number[];
  /** Where the words begin. */
  readonly words: number;
  readonly columns: number;
  readonly glyphs: Glyphs;
}

export function textLines(diagram: Diagram, paper: Paper): readonly DiagramLine[] {
  const layout = layoutOf(diagram, paper);
  const lines: DiagramLine[] = wrapped(diagram.title, paper.columns, 2).map((text) => [{ text, bold: true }]);
  if (diagram.lanes.length > 0) lines.push(...heads(diagram, layout));
  let latest = '';
  for (const row of diagram.rows) {
    const time = timeText(row.atUs - diagram.zeroUs);
    lines.push(...rowLines(diagram, layout, row, time === latest ? '' : time));
    latest = time;
  }
  for (const note of diagram.notes)
    for (const text of wrapped(note, paper.columns, MOST_LINES)) lines.push([{ text, tone: 'dim' }]);
  return lines.map((line) => line.map((piece) => ({ ...piece, text: clean(piece.text, paper) })));
}

/** As one string a line, without blanks at its end. */
export function plainLines(diagram: Diagram, paper: Paper): readonly string[] {
  return textLines(diagram, paper).map((line) =>
    line
      .map(({ text }) => text)
      .join('')
      .trimEnd(),
  );
}

function layoutOf({ lanes, rows }: Diagram, { columns, ascii }: Paper): Layout {
  const longest = Math.max(LEAST_WORDS, ...rows.map((row) => wordsOf(row).length));
  const words = Math.min(longest, Math.max(LEAST_WORDS, Math.floor(columns * 0.45)));
  const room = columns - TIME_COLUMNS - words - 2;
  const gap = Math.max(NARROWEST_GAP, Math.min(WIDEST_GAP, Math.floor(room / Math.max(1, lanes.length))));
  const first = TIME_COLUMNS + Math.floor(gap / 2);
  const places = lanes.map((_, index) => first + index * gap);
  return { places, words: (places.at(-1) ?? TIME_COLUMNS) + 3, columns, glyphs: ascii ? ASCII : UNICODE };
}

/** Names above their lifelines, in as many lines as it takes to keep them apart. */
function heads({ lanes }: Diagram, { places, columns }: Layout): readonly DiagramLine[] {
  const lines: string[] = [];
  for (const [index, { name }] of lanes.entries()) {
    const start = Math.max(0, Math.min(places[index]! - Math.floor((name.length - 1) / 2), columns - name.length));
    let line = lines.findIndex((text) => text.length < start || (text.length === 0 && start === 0));
    if (line < 0) line = lines.push('') - 1;
    lines[line] = `${lines[line]!.padEnd(start)}${name}`;
  }
  // Whoever stands in an upper line has its lifeline drawn down through the lower ones.
  return lines.map((text): DiagramLine => [{ text, bold: true }]);
}

function rowLines(diagram: Diagram, layout: Layout, row: Row, time: string): readonly DiagramLine[] {
  const { columns, words } = layout;
  const parts = wrapped(wordsOf(row), Math.max(8, columns - words), MOST_LINES);
  const key = { key: keyOf(row) };
  return parts.map((part, index): DiagramLine => {
    const lifelines = index === 0 ? drawing(diagram, layout, row) : quiet(diagram, layout, row.atUs);
    const canvas = lifelines
      .slice(TIME_COLUMNS)
      .join('')
      .padEnd(words - TIME_COLUMNS);
    return [
      { text: (index === 0 ? time : '').padStart(TIME_COLUMNS - 1).padEnd(TIME_COLUMNS), tone: 'dim', ...key },
      { text: canvas, ...drawingTone(row), ...key },
      { text: index === 0 ? part : `  ${part}`, ...wordsTone(row), ...key },
    ];
  });
}

/** What a row can be selected by. */
function keyOf(row: Row): string {
  switch (row.kind) {
    case 'mark':
      return `event:${row.event}`;
    case 'message':
      return `message:${row.message}${row.ending === 'comes' ? '-' : ''}`;
    case 'chatter':
      return `messages:${row.atUs}-${row.toUs}`;
  }
}

export function wordsOf(row: Row): string {
  switch (row.kind) {
    case 'message':
      return row.note === '' ? row.text : `${row.text} (${row.note})`;
    case 'mark':
      return `#${row.event} ${row.text}${row.more > 0 ? ` (+${row.more})` : ''}`;
    case 'chatter':
      return `… ${row.text}`;
  }
}

function drawingTone(row: Row): { readonly tone?: Tone } {
  return row.kind === 'chatter' ? { tone: 'dim' } : wordsTone(row);
}

function wordsTone(row: Row): { readonly tone?: Tone; readonly bold?: boolean } {
  if (row.kind === 'chatter') return { tone: 'dim' };
  if (row.kind === 'message') return row.bad ? { tone: 'bad' } : {};
  return { ...(row.tone === 'plain' ? {} : { tone: row.tone }), ...(row.focus ? { bold: true } : {}) };
}

/** The lifelines of a row in which nothing happens, one letter a column. */
function quiet({ lanes, lives }: Diagram, { places, words, glyphs }: Layout, atUs: number): string[] {
  const canvas = new Array<string>(words).fill(' ');
  for (const index of lanes.keys()) canvas[places[index]!] = runsAt(lives[index]!, atUs) ? glyphs.life : glyphs.dead;
  return canvas;
}

function drawing(diagram: Diagram, layout: Layout, row: Row): readonly string[] {
  const canvas = quiet(diagram, layout, row.atUs);
  if (row.kind === 'message') drawArrow(canvas, layout, row);
  else if (row.kind === 'mark') drawMark(canvas, layout, row);
  return canvas;
}

function drawMark(canvas: string[], { places, glyphs }: Layout, { lane, tone }: MarkRow): void {
  const sign = tone === 'good' ? glyphs.good : tone === 'bad' ? glyphs.bad : glyphs.plain;
  if (lane >= 0) canvas[places[lane]!] = sign;
}

function drawArrow(canvas: string[], { places, glyphs }: Layout, { from, to, role, ending }: MessageRow): void {
  const start = places[from]!;
  const end = places[to]!;
  if (start === end) {
    canvas[start] = glyphs.itself;
    return;
  }
  const step = end > start ? 1 : -1;
  const line = role === 'response' ? glyphs.dashed : glyphs.solid;
  // Where it breaks off is between lifelines, not on one.
  const half = Math.round((start + end) / 2);
  const middle = places.includes(half) ? half - step : half;
  const isDrawn = (at: number): boolean => {
    const past = (at - middle) * step;
    return ending === 'arrives' || (ending === 'comes' ? past > 0 : past < 0);
  };
  for (let at = start + step; at !== end; at += step)
    if (isDrawn(at)) canvas[at] = places.includes(at) ? glyphs.crossing : line;
  if (ending === 'arrives' || ending === 'comes') canvas[end - step] = step > 0 ? glyphs.right : glyphs.left;
  if (ending !== 'comes') canvas[start] = step > 0 ? glyphs.outRight : glyphs.outLeft;
  if (ending === 'lost' || ending === 'stuck') canvas[middle] = glyphs.bad;
  else if (ending !== 'arrives') canvas[middle] = glyphs.more;
}

function clean(text: string, { ascii }: Paper): string {
  const shown = printable(text);
  return ascii ? shown.replace(/[^ -~]/gu, (letter) => (letter === '…' ? '~' : letter === '×' ? 'x' : '?')) : shown;
}

/** Breaks a text at its spaces into at most so many lines; further lines are two columns shorter. What is left is cut. */
function wrapped(text: string, columns: number, most: number): readonly string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > 0 && lines.length < most) {
    const room = lines.length === 0 ? columns : columns - 2;
    if (rest.length <= room) {
      lines.push(rest);
      rest = '';
    } else if (lines.length === most - 1) {
      lines.push(`${rest.slice(0, Math.max(1, room - 1))}…`);
      rest = '';
    } else {
      const space = rest.lastIndexOf(' ', room);
      const at = space > room / 3 ? space : room;
      lines.push(rest.slice(0, at));
      rest = rest.slice(at).trimStart();
    }
  }
  return lines.length === 0 ? [''] : lines;
}
