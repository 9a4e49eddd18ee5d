import { Box, useStdout } from 'ink';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { helpLines } from './help.ts';
import { paint, type Size } from './layout.ts';
import { Lines, type Look } from './lines-view.tsx';
import { promptLines } from './prompt-lines.ts';
import type { DashboardStore } from './store.ts';
import { fill, fitLine, type Line } from './text.ts';

type Shown = Pick<DashboardStore, 'view' | 'ui' | 'help' | 'answers' | 'editor' | 'page'>;

/** What the picture of the cluster has of the screen: all but the prompt, its hints and the latest answers. */
export function pictureSize({ answers }: Pick<Shown, 'answers'>, { columns, rows }: Size): Size {
  return { columns, rows: rows - 2 - Math.min(answers.length, mostAnswers(rows)) };
}

const mostAnswers = (rows: number): number => Math.max(1, Math.min(Math.floor(rows / 4), 12));

/** Everything on the screen, as lines: the picture, the latest answers, the prompt. */
export function screenLines(store: Shown, size: Size): readonly Line[] {
  const prompt = promptLines(store.editor, store.ui, size.columns);
  const picture = pictureSize(store, size);
  const answers = store.answers
    .slice(-mostAnswers(size.rows))
    .map((text): Line => [{ text, ...(text.startsWith('✗') ? { tone: 'bad' as const } : {}) }]);
  const shown = store.help ? fill(helpLines, picture.rows) : paint(store.view, store.ui, picture, store.page);
  return [...shown, ...answers, ...prompt].map((line) => fitLine(line, size.columns));
}

export function Screen({ store, look }: { readonly store: DashboardStore; readonly look: Look }) {
  useSyncExternalStore(store.subscribe, store.version);
  const size = useSize();
  return (
    <Box flexDirection="column" width={size.columns} height={size.rows}>
      <Lines lines={screenLines(store, size)} look={look} />
    </Box>
  );
}

function useSize(): Size {
  const { stdout } = useStdout();
  const [size, setSize] = useState<Size>({ columns: stdout.columns, rows: stdout.rows });
  useEffect(() => {
    const resized = (): void => setSize({ columns: stdout.columns, rows: stdout.rows });
    stdout.on('resize', resized);
    return () => void stdout.off('resize', resized);
  }, [stdout]);
  return size;
}
