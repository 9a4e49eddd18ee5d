/** The picture above the prompt: a pure function of what the cluster is, what a person looks at, and the size of the terminal. */

import type { DashboardView } from '../../tools/view.ts';
import { arrange, type Size, type Stack } from './arrange.ts';
import { header } from './panels/index.ts';
import { fill, fitLine, highlight, keysOf, type Line, matches } from './text.ts';
import { textWidth } from './text-width.ts';
import { crumbs, filterOf, selectedOf, type Ui } from './ui.ts';
import { hiddenNote, rule, windowed } from './window.ts';

/** The rows of a page, however many; undefined: what it was about is gone. */
export type Page = (key: string, columns: number) => readonly Line[] | undefined;

/** The whole picture above the prompt: exactly `size.rows` lines of `size.columns`. */
export function paint(view: DashboardView, ui: Ui, size: Size, page: Page): readonly Line[] {
  const top = topOf(view, size);
  const body = { columns: size.columns, rows: size.rows - top.length };
  const open = ui.pages.at(-1);
  const below = open === undefined ? paintPanels(view, ui, body) : paintPage(ui, open, body, page);
  return fill([...top, ...below], size.rows).map((line) => fitLine(line, size.columns));
}

/** What can be selected where the focus is, in its order. */
export function selectable(view: DashboardView, ui: Ui, size: Size, page: Page): readonly string[] {
  const open = ui.pages.at(-1);
  if (open !== undefined) return keysOf(pageLines(ui, open, size.columns, page));
  const { upper, lower } = arrange(view, ui, { columns: size.columns, rows: size.rows - topOf(view, size).length });
  for (const { columns, placed } of [...upper, lower])
    for (const { panel, rows } of placed)
      if (panel.name === ui.focus)
        return keysOf(panel.lines(view, { columns, rows: rows - 1, filter: filterOf(ui, panel.name) }));
  return [];
}

function topOf(view: DashboardView, size: Size): readonly Line[] {
  return header.lines(view, { ...size, filter: '' }).map((line) => fitLine(line, size.columns));
}

function paintPage(ui: Ui, key: string, { columns, rows }: Size, page: Page): readonly Line[] {
  const all = pageLines(ui, key, columns, page);
  const seen = windowed(all, rows - 1, { selected: selectedOf(ui), offset: ui.offset, head: hasHead(key) });
  return [
    rule(trail(ui, columns), [filterNote(filterOf(ui, key)), hiddenNote(seen), 'Esc back'].join(' ').trim(), {
      columns,
      focused: true,
    }),
    ...seen.lines.map((line) => highlight(line, selectedOf(ui))),
  ];
}

/** The way here; of a long one the end. */
function trail(ui: Ui, columns: number): string {
  const way = crumbs(ui);
  for (let from = 0; from < way.length; from++) {
    const text = [...(from > 0 ? ['…'] : []), ...way.slice(from)].join(' › ');
    if (textWidth(text) <= columns - 30 || from === way.length - 1) return text;
  }
  return '';
}

/** Names above lifelines stay while one scrolls. */
const hasHead = (key: string): boolean => key.startsWith('diagram:');

/** A filter is for the rows that can be selected; what stands between them stays. */
function pageLines(ui: Ui, key: string, columns: number, page: Page): readonly Line[] {
  const all = page(key, columns) ?? [[{ text: 'it is gone; Esc goes back', tone: 'dim' as const }]];
  const filter = filterOf(ui, key);
  if (filter === '') return all;
  return all.filter(
    (line) => !line.some((piece) => piece.key !== undefined) || matches(filter, line.map(({ text }) => text).join('')),
  );
}

const filterNote = (filter: string): string => (filter === '' ? '' : `/${filter}`);

function paintPanels(view: DashboardView, ui: Ui, size: Size): readonly Line[] {
  const { upper, lower } = arrange(view, ui, size);
  const stacks = upper.map((stack) => paintStack(view, ui, stack));
  const joined = (stacks[0] ?? []).map(
    (_, row): Line => stacks.flatMap((lines, index) => (index === 0 ? lines[row]! : [{ text: ' ' }, ...lines[row]!])),
  );
  return [...joined, ...paintStack(view, ui, lower)];
}

function paintStack(view: DashboardView, ui: Ui, { columns, placed }: Stack): readonly Line[] {
  return placed.flatMap(({ panel, rows }) => {
    if (rows < 1) return [];
    const focused = panel.name === ui.focus;
    const filter = filterOf(ui, panel.name);
    const selected = ui.selections.get(panel.name);
    const seen = windowed(panel.lines(view, { columns, rows: rows - 1, filter }), rows - 1, {
      selected: selected ?? panel.present?.(view),
      follows: panel.follows,
    });
    const note = [filterNote(filter), hiddenNote(seen)].filter((part) => part !== '').join(' ');
    const body = fill(seen.lines, rows - 1).map((line) => highlight(line, focused ? selected : undefined));
    return [rule(panel.name, note, { columns, focused }), ...body].map((line) => fitLine(line, columns));
  });
}
