import { usageOf } from '../../tools/usage.ts';
import { nextGrapheme } from '../repl/graphemes.ts';
import { type EditorState, ghost } from '../repl/line-editor.ts';
import { KEYMAP } from './keymap.ts';
import { cut, type Line, wrap } from './text.ts';
import { textWidth, trusted } from './text-width.ts';
import { filterOf, placeOf, type Ui } from './ui.ts';

const HINTS: readonly string[] = KEYMAP.flatMap(({ hint }) => hint ?? []);

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
  const rest = ghost(state);
  const end = nextGrapheme(state.text, state.cursor);
  const under = state.text.slice(state.cursor, end) || rest[0] || ' ';
  return [
    { text: label, bold: true },
    { text: tail(state.text.slice(0, state.cursor), Math.max(10, columns - textWidth(label) - textWidth(under))) },
    { text: under, inverse: true },
    { text: state.text.slice(end) },
    { text: rest.slice(1), tone: 'dim' },
  ];
}

/** A line longer than the screen is shown from where the cursor still fits. */
function tail(text: string, columns: number): string {
  let kept = trusted(text);
  while (textWidth(kept) > columns) kept = kept.slice(nextGrapheme(kept, 0));
  return kept;
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
