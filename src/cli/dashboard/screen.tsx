import { useLayoutEffect, useRef, useSyncExternalStore } from 'react';
import { answersShown } from './answers.ts';
import type { Size } from './arrange.ts';
import { helpLines } from './help.ts';
import { paint } from './layout.ts';
import { Lines, type Look } from './lines-view.tsx';
import { promptLines } from './prompt-lines.ts';
import type { DashboardStore } from './store.ts';
import { fill, fitLine, type Line, sameLine } from './text.ts';

type Shown = Pick<DashboardStore, 'view' | 'ui' | 'help' | 'answers' | 'input' | 'page'>;

/** What the picture of the cluster has of the screen: all but the prompt, its hints and the latest answers. */
export function pictureSize({ answers, ui }: Pick<Shown, 'answers' | 'ui'>, size: Size): Size {
  return { columns: size.columns, rows: size.rows - 2 - answersShown(answers.lines, ui, size).length };
}

/** Everything on the screen, as lines: the picture, the latest answers, the prompt. */
export function screenLines(store: Shown, size: Size): readonly Line[] {
  const prompt = promptLines(store.input.editor, store.ui, size.columns, store.input.lines.label);
  const picture = pictureSize(store, size);
  const answers = answersShown(store.answers.lines, store.ui, size);
  const shown =
    store.help === undefined
      ? paint(store.view, store.ui, picture, store.page)
      : helpPicture(store.ui.focus, store.help, picture);
  return [...shown, ...answers, ...prompt].map((line) => fitLine(line, size.columns));
}

function helpPicture(focus: string, from: number, { columns, rows }: Size): readonly Line[] {
  const lines = helpLines(focus, columns);
  return fill(lines.slice(Math.max(0, Math.min(from, lines.length - rows))), rows);
}

export interface ScreenProps {
  readonly store: DashboardStore;
  readonly look: Look;
  /** Of the terminal, now. */
  readonly size: () => Size;
}

/** Ink works out only the lines that changed since the frame before: what it takes is for each cell. */
export function Screen({ store, look, size: sizeNow }: ScreenProps) {
  useSyncExternalStore(store.subscribe, store.version);
  const { columns, rows } = sizeNow();
  const lines = screenLines(store, { columns, rows });
  const before = useRef<Written>({ columns: 0, lines: [] });
  const known = before.current.columns === columns ? before.current.lines : [];
  useLayoutEffect(() => {
    before.current = { columns, lines };
  });
  return <Lines lines={changes(lines, known)} look={look} />;
}

interface Written {
  readonly columns: number;
  readonly lines: readonly Line[];
}

/** The lines that are not as they were; in the place of those that are, how many. */
function changes(lines: readonly Line[], before: readonly Line[]): readonly (Line | number)[] {
  const changed: (Line | number)[] = [];
  for (const [row, line] of lines.entries()) {
    const last = changed.at(-1);
    if (before[row] === undefined || !sameLine(before[row], line)) changed.push(line);
    else if (typeof last === 'number') changed[changed.length - 1] = last + 1;
    else changed.push(1);
  }
  return changed;
}
