/** The filter of the panel with the focus, while it is typed. */
import { previousGrapheme } from '../repl/graphemes.ts';
import type { Key } from '../repl/line-editor.ts';
import { back, filterOf, placeOf, type Ui, withFilter } from './ui.ts';

// Whatever has a sign; keys without a text are made of control characters.
const TEXT = /^[ -~\u00a0-\uffff]+$/;

/** Enter keeps it, Esc and Ctrl-C take it away. */
export function typeFilter(ui: Ui, { name, sequence, ctrl, meta }: Key): Ui {
  const filter = filterOf(ui, placeOf(ui));
  if (name === 'escape' || (ctrl && name === 'c')) return back(ui)!;
  if (name === 'return' || name === 'enter') return { ...ui, filtering: false };
  if (name === 'backspace') return withFilter(ui, filter.slice(0, previousGrapheme(filter, filter.length)));
  return !ctrl && !meta && TEXT.test(sequence) ? withFilter(ui, filter + sequence) : ui;
}
