import { type EditorState, ghost } from '../repl/line-editor.ts';
import { cut, type Line } from './text.ts';

const HINT = '? help  Space pause  + - speed  Tab panels  q quit';

/** The line that is typed, and under it the candidates of Tab, or the keys. */
export function promptLines(state: EditorState, columns: number): readonly Line[] {
  const label = state.search === undefined ? 'kzsim> ' : `search "${state.search}": `;
  // A line longer than the screen is shown from where the cursor still fits.
  const room = Math.max(10, columns - label.length - 1);
  const from = Math.max(0, state.cursor - room);
  const before = state.text.slice(from, state.cursor);
  const rest = ghost(state);
  const under = state.text[state.cursor] ?? rest[0] ?? ' ';
  const menu = state.menu;
  return [
    [
      { text: label, bold: true },
      { text: before },
      { text: under, inverse: true },
      { text: state.text.slice(state.cursor + 1) },
      { text: rest.slice(1), tone: 'dim' },
    ],
    menu === undefined
      ? [{ text: cut(HINT, columns), tone: 'dim' }]
      : menu.items.map((item, index) => ({ text: ` ${item} `, inverse: index === menu.index })),
  ];
}
