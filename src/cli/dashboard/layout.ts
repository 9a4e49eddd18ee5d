/** Where the panels stand: a pure function of the terminal's size. Columns side by side where there is room, one panel at a time where not. */

import type { DashboardView } from '../../tools/view.ts';
import type { Panel } from './panel.ts';
import { header, PANELS } from './panels/index.ts';
import { fill, fitLine, highlight, keysOf, type Line, matches } from './text.ts';
import { filterOf, selectedOf, type Ui } from './ui.ts';
import { hiddenNote, rule, windowed } from './window.ts';

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** The rows of a page, however many; undefined: what it was about is gone. */
export type Page = (key: string, columns: number) => readonly Line[] | undefined;

interface Placed {
  readonly panel: Panel;
  /** With its title. */
  readonly rows: number;
}

/** Panels one above the other. */
interface Stack {
  readonly columns: number;
  readonly placed: readonly Placed[];
}

interface Arrangement {
  /** Side by side. */
  readonly upper: readonly Stack[];
  readonly lower: Stack;
}

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

export const panelNamed = (name: string): Panel | undefined => PANELS.find((panel) => panel.name === name);

function topOf(view: DashboardView, size: Size): readonly Line[] {
  return header.lines(view, { ...size, filter: '' }).map((line) => fitLine(line, size.columns));
}

function paintPage(ui: Ui, key: string, { columns, rows }: Size, page: Page): readonly Line[] {
  const all = pageLines(ui, key, columns, page);
  const seen = windowed(all, rows - 1, { selected: selectedOf(ui), offset: ui.offset, head: false });
  const name = key.replace(':', ' ');
  return [
    rule(name, [filterNote(filterOf(ui, key)), hiddenNote(seen), 'Esc back'].join(' ').trim(), {
      columns,
      focused: true,
    }),
    ...seen.lines.map((line) => highlight(line, selectedOf(ui))),
  ];
}

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

function arrange(view: DashboardView, ui: Ui, size: Size): Arrangement {
  const shown = PANELS.filter((panel) => panel.shown(view));
  const focused = shown.find(({ name }) => name === ui.focus) ?? shown[0]!;
  return size.columns >= 100 && size.rows >= 22 ? wide(view, shown, size) : narrow(view, shown, focused, size);
}

/** Nodes and partitions at the left, steps, quorum and clients at the right, the timeline below both. */
function wide(view: DashboardView, shown: readonly Panel[], { columns, rows }: Size): Arrangement {
  const of = (side: Panel['side']) => shown.filter((panel) => panel.side === side);
  const timelineRows = Math.max(6, Math.floor(rows / 3));
  const upper = rows - timelineRows;
  const left = Math.floor((columns - 1) / 2);
  const right = columns - 1 - left;
  return {
    upper: [
      stack(view, of('left'), { columns: left, rows: upper }),
      stack(view, of('right'), { columns: right, rows: upper }),
    ],
    lower: { columns, placed: of('below').map((panel) => ({ panel, rows: timelineRows })) },
  };
}

/** Nodes first while they leave room, then the panel that Tab chose, then some of the timeline. */
function narrow(view: DashboardView, shown: readonly Panel[], focused: Panel, { columns, rows }: Size): Arrangement {
  const timeline = shown.find(({ side }) => side === 'below')!;
  if (focused === timeline) return { upper: [], lower: { columns, placed: [{ panel: timeline, rows }] } };
  const timelineRows = Math.min(6, Math.max(3, Math.floor(rows / 4)));
  const nodes = shown[0]!;
  const both = focused !== nodes && rows - timelineRows - nodes.wish(view, columns) - 1 >= 5;
  return {
    upper: [stack(view, both ? [nodes, focused] : [focused], { columns, rows: rows - timelineRows })],
    lower: { columns, placed: [{ panel: timeline, rows: timelineRows }] },
  };
}

/** Each gets what it wishes while that fits; the last gets the rest, and a little is kept for whoever comes after. */
function stack(view: DashboardView, panels: readonly Panel[], { columns, rows }: Size): Stack {
  const placed: Placed[] = [];
  let left = rows;
  for (const [index, panel] of panels.entries()) {
    const others = panels.length - index - 1;
    const wish = panel.wish(view, columns) + 1;
    const most = Math.max(2, Math.min(Math.floor((left * 2) / 3), left - 3 * others));
    const given = others === 0 ? left : Math.min(wish, most);
    placed.push({ panel, rows: given });
    left -= given;
  }
  return { columns, placed };
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
