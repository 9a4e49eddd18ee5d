import { Transform } from 'ink';
import type { Tone } from '../../tools/view.ts';
import { sameRows } from '../terminal/frame-sink.ts';
import { asciiOf } from './ascii.ts';
import type { Line } from './text.ts';

/** What the terminal can show. */
export interface Look {
  readonly colour: boolean;
  readonly ascii: boolean;
}

interface LinesProps {
  /** A number: so many are as they were in the frame before. */
  readonly lines: readonly (Line | number)[];
  readonly look: Look;
}

/**
 * Lines as Ink shows them. Their widths are known, so Ink is given lines to measure that are always the same ones, and ours when it writes: what it measures
 * it keeps for good, and it works out every piece of a line as a node of its own.
 */
export function Lines({ lines, look }: LinesProps) {
  const painted = lines.map((line) => (typeof line === 'number' ? sameRows(line) : paintLine(line, look)));
  return <Transform transform={(_, row) => painted[row] ?? ''}>{lines.map(() => '.').join('\n')}</Transform>;
}

const COLOURS: Readonly<Record<Tone, Style | undefined>> = {
  good: { begin: '\u001b[32m', end: '\u001b[39m' },
  warn: { begin: '\u001b[33m', end: '\u001b[39m' },
  bad: { begin: '\u001b[31m', end: '\u001b[39m' },
  plain: undefined,
  dim: { begin: '\u001b[2m', end: '\u001b[22m' },
};
const BOLD: Style = { begin: '\u001b[1m', end: '\u001b[22m' };
/** Reverse video shows the selection where no colour is wanted, too. */
const INVERSE: Style = { begin: '\u001b[7m', end: '\u001b[27m' };

interface Style {
  readonly begin: string;
  readonly end: string;
}

/** Without colour the signs and words say the same. */
function paintLine(line: Line, { colour, ascii }: Look): string {
  let painted = '';
  for (const { text, tone = 'plain', bold = false, inverse = false } of line) {
    let piece = ascii ? asciiOf(text) : text;
    if (piece === '') continue;
    if (colour) piece = styled(piece, COLOURS[tone]);
    if (inverse) piece = styled(piece, INVERSE);
    painted += bold ? styled(piece, BOLD) : piece;
  }
  return painted;
}

const styled = (text: string, style: Style | undefined): string =>
  style === undefined ? text : style.begin + text + style.end;
