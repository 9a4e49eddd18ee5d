/** The line that is being typed on a terminal that keeps everything else: one row, and a row of hints under it. */
import { usageOf } from '../../tools/usage.ts';
import { cut } from '../dashboard/text.ts';
import { textWidth } from '../dashboard/text-width.ts';
import type { Paints } from '../terminal/paint.ts';
import { type EditorState, ghost } from './line-editor.ts';

const ESCAPE = '\u001b[';
/** To the beginning of the row, with nothing from there on. */
export const ERASE = `\r${ESCAPE}J`;

/** What draws it from the beginning of a row; the cursor ends where the next key goes. */
export function drawnLine(state: EditorState, prompt: string, columns: number, paints: Paints): string {
  const label = state.search === undefined ? prompt : `search "${state.search}": `;
  const room = Math.max(10, columns - textWidth(label) - 1);
  // A line longer than the screen is shown from where the cursor still fits.
  const from = Math.max(0, state.cursor - room);
  const shown = cut(state.text.slice(from), room);
  const rest = cut(ghost(state), Math.max(0, room - textWidth(shown)));
  const below = hintOf(state, columns - 1, paints);
  const at = textWidth(label) + textWidth(state.text.slice(from, state.cursor));
  const hint = below === '' ? '' : `\r\n${below}${ESCAPE}1A`;
  return `${ERASE}${paints.bold(label)}${shown}${paints.dim(rest)}${hint}\r${at > 0 ? `${ESCAPE}${at}C` : ''}`;
}

function hintOf({ menu, text }: EditorState, columns: number, paints: Paints): string {
  if (menu === undefined) return paints.dim(cut(usageOf(text) ?? '', columns));
  const items = menu.items.map((item, index) => (index === menu.index ? `[${item}]` : ` ${item} `));
  // The chosen one is always among those that are shown.
  let first = 0;
  while (first < menu.index && textWidth(items.slice(first, menu.index + 1).join('')) > columns) first += 1;
  return cut(items.slice(first).join(''), columns);
}
