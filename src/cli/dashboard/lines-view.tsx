import { Box, Text } from 'ink';
import type { Tone } from '../../tools/view.ts';
import type { Line, Piece } from './text.ts';

const COLOURS: Readonly<Record<Tone, string | undefined>> = {
  good: 'green',
  warn: 'yellow',
  bad: 'red',
  plain: undefined,
  dim: undefined,
};

/** Lines as Ink shows them. Without colour the signs and words say the same. */
export function Lines({ lines, colour }: { readonly lines: readonly Line[]; readonly colour: boolean }) {
  return (
    <Box flexDirection="column" flexShrink={0}>
      {lines.map((line, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place on the screen.
        <Text key={row} wrap="truncate">
          {line.length === 0
            ? ' '
            : line.map((piece, column) => <Span key={String(column)} piece={piece} colour={colour} />)}
        </Text>
      ))}
    </Box>
  );
}

function Span({ piece, colour }: { readonly piece: Piece; readonly colour: boolean }) {
  const { text, tone = 'plain', bold = false, inverse = false } = piece;
  const named = colour ? COLOURS[tone] : undefined;
  return (
    <Text
      bold={bold}
      inverse={inverse}
      dimColor={colour && tone === 'dim'}
      {...(named === undefined ? {} : { color: named })}
    >
      {text}
    </Text>
  );
}
