import { Box, Text } from 'ink';
import type { Tone } from '../../tools/view.ts';
import { sameRows } from '../terminal/frame-sink.ts';
import { asciiOf } from './ascii.ts';
import type { Line, Piece } from './text.ts';

/** What the terminal can show. */
export interface Look {
  readonly colour: boolean;
  readonly ascii: boolean;
}

const COLOURS: Readonly<Record<Tone, string | undefined>> = {
  good: 'green',
  warn: 'yellow',
  bad: 'red',
  plain: undefined,
  dim: undefined,
};

interface LinesProps {
  /** A number: so many are as they were in the frame before. */
  readonly lines: readonly (Line | number)[];
  readonly look: Look;
}

/** Lines as Ink shows them. Without colour the signs and words say the same. */
export function Lines({ lines, look }: LinesProps) {
  return (
    <Box flexDirection="column" flexShrink={0}>
      {lines.map((line, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place on the screen.
        <Row key={row} line={line} look={look} />
      ))}
    </Box>
  );
}

function Row({ line, look }: { readonly line: Line | number; readonly look: Look }) {
  if (typeof line === 'number') return <Text>{sameRows(line)}</Text>;
  return (
    <Text wrap="truncate">
      {line.length === 0 ? ' ' : line.map((piece, column) => <Span key={String(column)} piece={piece} look={look} />)}
    </Text>
  );
}

function Span({ piece, look }: { readonly piece: Piece; readonly look: Look }) {
  const { text, tone = 'plain', bold = false, inverse = false } = piece;
  const named = look.colour ? COLOURS[tone] : undefined;
  return (
    <Text
      bold={bold}
      inverse={inverse}
      dimColor={look.colour && tone === 'dim'}
      {...(named === undefined ? {} : { color: named })}
    >
      {look.ascii ? asciiOf(text) : text}
    </Text>
  );
}
