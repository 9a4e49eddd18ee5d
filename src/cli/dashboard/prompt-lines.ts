import { usageOf } from '../../tools/usage.ts';
import { type EditorState, ghost } from '../repl/line-editor.ts';
import { cut, type Line, wrap } from './text.ts';
import { filterOf, placeOf, type Ui } from './ui.ts';

const HINTS: readonly string[] = [
  '? help',
  ': prompt',
  '/ filter',
  'Enter open',
  'Esc back',
  'Tab panels',
  'Space pause',
  'w why',
  '+ - speed',
  'q quit',
];

/** The line that is typed, and under it the candidates of Tab, or the keys. */
export function promptLines(state: EditorState, ui: Ui, columns: number, prompt: string): readonly Line[] {
  return [ui.filtering ? filterLine(ui) : typedLine(state, columns, prompt), belowLine(state, columns)];
}

function filterLine(ui: Ui): Line {
  return [
    { text: `filter ${placeOf(ui).replace(':', ' ')}: `, bold: true },
    { text: filterOf(ui, placeOf(ui)) },
    { text: ' ', inverse: true },
    { text: '  Enter keeps it, Esc clears it', tone: 'dim' },
  ];
}

function typedLine(state: EditorState, columns: number, prompt: string): Line {
  const label = state.search === undefined ? prompt : `search "${state.search}": `;
  // A line longer than the screen is shown from where the cursor still fits.
  const room = Math.max(10, columns - label.length - 1);
  const from = Math.max(0, state.cursor - room);
  const before = state.text.slice(from, state.cursor);
  const rest = ghost(state);
  const under = state.text[state.cursor] ?? rest[0] ?? ' ';
  return [
    { text: label, bold: true },
    { text: before },
    { text: under, inverse: true },
    { text: state.text.slice(state.cursor + 1) },
    { text: rest.slice(1), tone: 'dim' },
  ];
}

function belowLine({ menu, text }: EditorState, columns: number): Line {
  if (menu !== undefined)
    return menu.items.map((item, index) => ({ text: ` ${item} `, inverse: index === menu.index }));
  const usage = usageOf(text);
  if (usage !== undefined) return [{ text: cut(usage, columns), tone: 'dim' }];
  // As many as fit; help and quit always do.
  const [first, last] = [HINTS[0]!, HINTS.at(-1)!];
  const between = wrap(
    HINTS.slice(1, -1).map((text): Line => [{ text }]),
    Math.max(1, columns - first.length - last.length - 4),
  )[0]!.map(({ text }) => text);
  return [{ text: cut([first, between.join(''), last].join('  '), columns), tone: 'dim' }];
}
