/** A diagram as a picture: one SVG file with nothing outside of it, the same bytes for the same run. Time goes downwards. */
import { timeText } from '../causes.ts';
import { type Diagram, type Life, type MarkRow, type MessageRow, type Row, runsAt } from './diagram.ts';
import { printable } from './letters.ts';
import { wordsOf } from './text.ts';

const LETTER = 6.65;
const LINE = 14;
const TOP = 74;
const ROW = 20;
const TIMES = 76;
const MARGIN = 18;
const LEAST_GAP = 130;
/** Of all gaps together, as far as each has its least. */
const WIDEST = 1200;
const MOST_GAP = 300;
const MOST_LINES = 3;
/** What a message says to itself stands at its right. */
const LOOP = 26;

/** Colours by meaning, in light and in dark; what they mean is told by signs and words beside them, too. */
const STYLE = `
svg { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; font-size: 11px; }
.paper { fill: #ffffff; } .ink, text { fill: #1b1f24; }
.dim, text.dim { fill: #667079; } .life { stroke: #a3abb3; stroke-width: 1; } .dead { stroke: #a3abb3; stroke-dasharray: 1 4; }
.head { fill: #eef1f4; stroke: #a3abb3; } .title { font-size: 13px; font-weight: bold; } .name { font-weight: bold; text-anchor: middle; }
.arrow { stroke: #1f4e9c; fill: none; stroke-width: 1.2; } .tip { fill: #1f4e9c; stroke: none; } .answer { stroke-dasharray: 5 3; }
.bad.arrow { stroke: #b42318; } .bad.tip, text.bad, .mark.bad { fill: #b42318; } .mark.good, text.good { fill: #1a7f37; } .mark.plain { fill: #667079; }
.says { paint-order: stroke; stroke: #ffffff; stroke-width: 4px; stroke-linejoin: round; } .here { fill: #fff3c4; } .band { fill: #f5f6f8; }
@media (prefers-color-scheme: dark) {
.paper { fill: #0f1318; } .ink, text { fill: #e3e8ee; } .dim, text.dim { fill: #8d98a5; } .life, .dead { stroke: #4a545f; }
.head { fill: #1b222a; stroke: #4a545f; } .arrow { stroke: #7fb0ff; } .tip { fill: #7fb0ff; }
.bad.arrow { stroke: #ff8a7a; } .bad.tip, text.bad, .mark.bad { fill: #ff8a7a; } .mark.good, text.good { fill: #5fd07a; } .mark.plain { fill: #8d98a5; }
.says { stroke: #0f1318; } .here { fill: #3a3413; } .band { fill: #171d24; }
}`;

interface Placed {
  readonly row: Row;
  /** Where the arrow or the sign is. */
  readonly y: number;
  readonly top: number;
  readonly height: number;
  readonly lines: readonly string[];
  /** Empty: that of the row above. */
  readonly time: string;
}

interface Sheet {
  readonly places: readonly number[];
  readonly width: number;
  readonly height: number;
  readonly rows: readonly Placed[];
  readonly diagram: Diagram;
}

export function svgText(diagram: Diagram): string {
  const sheet = sheetOf(diagram);
  const { width, height } = sheet;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escaped(diagram.title)}</title>`,
    `<style>${STYLE}\n</style>`,
    `<rect class="paper" width="${width}" height="${height}"/>`,
    text(MARGIN, 24, 'title', diagram.title),
    ...backgrounds(sheet),
    ...lifelines(sheet),
    ...heads(sheet),
    ...sheet.rows.flatMap((placed) => drawn(sheet, placed)),
    ...diagram.notes.map((note, index) =>
      text(MARGIN, height - MARGIN - (diagram.notes.length - 1 - index) * LINE, 'dim', note),
    ),
    '</svg>',
    '',
  ].join('\n');
}

function sheetOf(diagram: Diagram): Sheet {
  const { lanes, rows, notes } = diagram;
  const gap = gapOf(diagram);
  const first = TIMES + Math.max(LEAST_GAP, (lanes[0]?.name.length ?? 0) * LETTER + 20) / 2;
  const places = lanes.map((_, index) => Math.round(first + index * gap));
  const width = Math.max(480, Math.round((places.at(-1) ?? TIMES) + gap / 2 + 2 * MARGIN + 60));
  const placed: Placed[] = [];
  let top = TOP;
  let latest = '';
  for (const row of rows) {
    const time = timeText(row.atUs - diagram.zeroUs);
    const lines = wrapped(wordsOf(row), Math.max(16, Math.floor(roomOf(row, places, width) / LETTER)));
    const height = ROW + (lines.length - 1) * LINE + (row.kind === 'message' && row.from !== row.to ? 8 : 4);
    const y = top + (row.kind === 'message' ? height - 6 : Math.round(height / 2));
    placed.push({ row, top, height, lines, y, time: time === latest ? '' : time });
    top += height;
    latest = time;
  }
  return { places, width, height: top + MARGIN + 10 + notes.length * LINE + MARGIN, rows: placed, diagram };
}

/** Wide enough for what neighbours say to each other in one line, as far as all of it stays on a page. */
function gapOf({ rows, lanes }: Diagram): number {
  let gap = Math.max(LEAST_GAP, ...lanes.map(({ name }) => name.length * LETTER + 24));
  for (const row of rows)
    if (row.kind === 'message' && row.from !== row.to) {
      const wish = (wordsOf(row).length * LETTER) / Math.abs(row.from - row.to) + 24;
      gap = Math.max(gap, Math.min(MOST_GAP, WIDEST / lanes.length, wish));
    }
  return Math.round(gap);
}

function roomOf(row: Row, places: readonly number[], width: number): number {
  if (row.kind === 'message' && row.from !== row.to) return Math.abs(places[row.from]! - places[row.to]!) - 16;
  const at = row.kind === 'message' ? row.from : row.kind === 'mark' ? Math.max(0, row.lane) : 0;
  if (row.kind === 'mark' && isLeftOf(places, row.lane)) return (places[at] ?? TIMES) - TIMES - 20;
  return Math.max(220, width - MARGIN - (places[at] ?? TIMES) - 20);
}

function backgrounds({ rows, width }: Sheet): readonly string[] {
  return rows.flatMap(({ row, top, height }) => {
    const kind = row.kind === 'chatter' ? 'band' : row.kind === 'mark' && row.focus ? 'here' : '';
    return kind === ''
      ? []
      : [`<rect class="${kind}" x="${MARGIN}" y="${top}" width="${width - 2 * MARGIN}" height="${height}"/>`];
  });
}

/** Drawn where its process runs, dotted where it does not. */
function lifelines({ places, rows, diagram }: Sheet): readonly string[] {
  const end = rows.length === 0 ? TOP + ROW : rows.at(-1)!.top + rows.at(-1)!.height;
  return places.flatMap((x, lane) => {
    const lives: readonly Life[] = diagram.lives[lane]!;
    const lines: string[] = [];
    let from = TOP - 12;
    let runs = runsAt(lives, rows[0]?.row.atUs ?? diagram.fromUs);
    for (const { row, y } of rows) {
      const now = runsAt(lives, row.atUs);
      if (now === runs) continue;
      lines.push(lifeline(x, from, y, runs));
      from = y;
      runs = now;
    }
    return [...lines, lifeline(x, from, end, runs)];
  });
}

const lifeline = (x: number, from: number, to: number, runs: boolean): string =>
  `<line class="${runs ? 'life' : 'dead'}" x1="${x}" y1="${from}" x2="${x}" y2="${to}"/>`;

function heads({ places, diagram }: Sheet): readonly string[] {
  return places.flatMap((x, lane) => {
    const { name } = diagram.lanes[lane]!;
    const width = Math.round(name.length * LETTER + 18);
    return [
      `<rect class="head" x="${x - Math.round(width / 2)}" y="38" width="${width}" height="22" rx="4"/>`,
      text(x, 53, 'name', name),
    ];
  });
}

function drawn(sheet: Sheet, placed: Placed): readonly string[] {
  const { row, y } = placed;
  const time = placed.time === '' ? [] : [text(MARGIN, y + 4, 'dim', placed.time)];
  switch (row.kind) {
    case 'message':
      return [...time, ...message(sheet, placed, row)];
    case 'mark':
      return [...time, ...mark(sheet, placed, row)];
    case 'chatter':
      return [...time, ...chatter(sheet, placed)];
  }
}

function chatter({ places }: Sheet, { y, lines }: Placed): readonly string[] {
  return says((places[0] ?? TIMES) + 10, y + 4, lines, 'dim', 'start');
}

function mark({ places }: Sheet, { y, lines }: Placed, { lane, tone }: MarkRow): readonly string[] {
  const x = places[lane] ?? TIMES;
  const kind = tone === 'good' || tone === 'bad' ? tone : 'plain';
  const first = y + 4 - ((lines.length - 1) * LINE) / 2;
  const sign = lane < 0 ? [] : [signOf(x, y, kind)];
  // At the right there may be no room: then the words end at the sign.
  if (isLeftOf(places, lane)) return [...sign, ...says(x - 12, first, lines, kind, 'end')];
  return [...sign, ...says(x + 12, first, lines, kind, 'start')];
}

/** The words of a mark stand at the left of the last lifeline, where it has neighbours. */
function isLeftOf(places: readonly number[], lane: number): boolean {
  return lane > 0 && lane === places.length - 1;
}

function signOf(x: number, y: number, kind: 'good' | 'bad' | 'plain'): string {
  if (kind === 'good') return `<circle class="mark good" cx="${x}" cy="${y}" r="5"/>`;
  if (kind === 'bad') return cross(x, y, 'mark bad');
  return `<path class="mark plain" d="M${x} ${y - 5}L${x + 5} ${y}L${x} ${y + 5}L${x - 5} ${y}Z"/>`;
}

const cross = (x: number, y: number, kind: string): string =>
  `<path class="${kind}" d="M${x - 6} ${y - 4}l2 -2l4 4l4 -4l2 2l-4 4l4 4l-2 2l-4 -4l-4 4l-2 -2l4 -4Z"/>`;

function message(sheet: Sheet, { y, lines }: Placed, row: MessageRow): readonly string[] {
  const { places } = sheet;
  const { from, to, role, ending, bad } = row;
  const start = places[from]!;
  const end = places[to]!;
  const kind = `${bad ? 'bad ' : ''}${role === 'response' ? 'answer ' : ''}arrow`;
  const tone = bad ? 'bad' : '';
  if (start === end) {
    const loop = `<path class="${kind}" d="M${start} ${y - 9}h${LOOP}v8h-${LOOP - 6}"/>`;
    return [loop, tip(start, y - 1, -1, bad), ...says(start + LOOP + 8, y - 2, lines, tone, 'start')];
  }
  const step = end > start ? 1 : -1;
  const middle = Math.round((start + end) / 2);
  const top = y - 5 - (lines.length - 1) * LINE;
  const words = says(middle, top, lines, tone, 'middle');
  if (ending === 'leaves') return [...slow(sheet, row, y, kind), ...words];
  if (ending === 'comes') return [...(hasBeginning(sheet, row) ? [] : arrow(middle, y, end, y, kind, bad)), ...words];
  if (ending === 'arrives') return [...arrow(start, y, end, y, kind, bad), ...words];
  const broken = middle - step * 8;
  return [line(start, y, broken, y, kind), cross(middle, y, 'mark bad'), ...words];
}

/** A slow message goes down to where it arrives, if that is seen; otherwise half of the way. */
function slow(
  { places, rows }: Sheet,
  { message: number, from, to, bad }: MessageRow,
  y: number,
  kind: string,
): readonly string[] {
  const arrival = rows.find(({ row }) => row.kind === 'message' && row.message === number && row.ending === 'comes');
  const start = places[from]!;
  const end = places[to]!;
  if (arrival !== undefined) return arrow(start, y, end, arrival.y, kind, bad);
  return [line(start, y, Math.round((start + end) / 2), y + 5, kind)];
}

function hasBeginning({ rows }: Sheet, { message: number }: MessageRow): boolean {
  return rows.some(({ row }) => row.kind === 'message' && row.message === number && row.ending === 'leaves');
}

function line(x1: number, y1: number, x2: number, y2: number, kind: string): string {
  return `<line class="${kind}" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/>`;
}

function arrow(x1: number, y1: number, x2: number, y2: number, kind: string, bad: boolean): readonly string[] {
  const step = x2 > x1 ? 1 : -1;
  return [line(x1, y1, x2 - step * 6, y2, kind), tip(x2, y2, step, bad)];
}

function tip(x: number, y: number, step: number, bad: boolean): string {
  return `<path class="${bad ? 'bad ' : ''}tip" d="M${x} ${y}l${-8 * step} -4v8Z"/>`;
}

function says(
  x: number,
  y: number,
  lines: readonly string[],
  tone: string,
  anchor: 'start' | 'middle' | 'end',
): readonly string[] {
  const kind = `says${tone === '' ? '' : ` ${tone}`}`;
  return lines.map((words, index) => {
    const at = anchor === 'start' ? '' : ` text-anchor="${anchor}"`;
    return `<text class="${kind}" x="${x}" y="${Math.round(y + index * LINE)}"${at}>${escaped(words)}</text>`;
  });
}

const text = (x: number, y: number, kind: string, words: string): string =>
  `<text class="${kind}" x="${x}" y="${y}">${escaped(words)}</text>`;

/** What is said stands above the arrow, in few lines; what does not fit is cut. */
function wrapped(words: string, letters: number): readonly string[] {
  const lines: string[] = [];
  let rest = words;
  while (rest !== '' && lines.length < MOST_LINES) {
    if (rest.length <= letters) {
      lines.push(rest);
      break;
    }
    const space = rest.lastIndexOf(' ', letters);
    const at = space > letters / 3 ? space : letters;
    const last = lines.length === MOST_LINES - 1;
    lines.push(last ? `${rest.slice(0, letters - 1)}…` : rest.slice(0, at));
    rest = rest.slice(at).trimStart();
  }
  return lines;
}

function escaped(words: string): string {
  return printable(words).replace(/[&<>"]/g, (sign) => ENTITIES[sign]!);
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
