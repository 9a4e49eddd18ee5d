import { Chalk } from 'chalk';
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

/** Whether there is to be colour is asked elsewhere; reverse video shows the selection where none is wanted, too. */
const chalk = new Chalk({ level: 1 });

const COLOURS: Readonly<Record<Tone, ((text: string) => string) | undefined>> = {
  good: chalk.green,
  warn: chalk.yellow,
  bad: chalk.red,
  plain: undefined,
  dim: chalk.dim,
};

/** Without colour the signs and words say the same. */
function paintLine(line: Line, { colour, ascii }: Look): string {
  let painted = '';
  for (const { text, tone = 'plain', bold = false, inverse = false } of line) {
    let piece = ascii ? asciiOf(text) : text;
    if (piece === '') continue;
    if (colour) piece = COLOURS[tone]?.(piece) ?? piece;
    if (inverse) piece = chalk.inverse(piece);
    painted += bold ? chalk.bold(piece) : piece;
  }
  return painted;
}
