import { Box, useStdout } from 'ink';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { paint, type Size } from './layout.ts';
import { Lines } from './lines-view.tsx';
import { promptLines } from './prompt-lines.ts';
import type { DashboardStore } from './store.ts';
import { fill, fitLine, type Line } from './text.ts';

const HELP: readonly string[] = [
  'Type a verb and Enter: kill broker-1, start broker-1, partition 1,2 | 3, heal all, status, help',
  '?        this help; any key closes it',
  ':        begin to type a command (any other letter does, too)',
  'Tab ] [  the next panel, the one before',
  'Space    pause, go on',
  '+ -      faster, slower',
  'Up Ctrl-R  history',
  'q Ctrl-C quit',
];

/** Everything on the screen, as lines: the picture, the latest answers, the prompt. */
export function screenLines(
  store: Pick<DashboardStore, 'view' | 'focus' | 'help' | 'answers' | 'editor'>,
  size: Size,
): readonly Line[] {
  const prompt = promptLines(store.editor, size.columns);
  const most = Math.max(1, Math.min(Math.floor(size.rows / 4), 12));
  const answers = store.answers
    .slice(-most)
    .map((text): Line => [{ text, ...(text.startsWith('✗') ? { tone: 'bad' as const } : {}) }]);
  const rows = size.rows - prompt.length - answers.length;
  const picture = store.help
    ? fill(
        HELP.map((text): Line => [{ text }]),
        rows,
      )
    : paint(store.view, store.focus, { columns: size.columns, rows });
  return [...picture, ...answers, ...prompt].map((line) => fitLine(line, size.columns));
}

export function Screen({ store, colour }: { readonly store: DashboardStore; readonly colour: boolean }) {
  useSyncExternalStore(store.subscribe, store.version);
  const size = useSize();
  return (
    <Box flexDirection="column" width={size.columns} height={size.rows}>
      <Lines lines={screenLines(store, size)} colour={colour} />
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
