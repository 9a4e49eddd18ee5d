/** Where the panels stand: a pure function of the terminal's size. Columns side by side where there is room, one panel at a time where not. */

import type { DashboardView } from '../../tools/view.ts';
import type { Panel } from './panel.ts';
import { header, PANELS } from './panels/index.ts';
import { fill, fitLine, type Line, pad } from './text.ts';

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** The whole picture above the prompt: exactly `size.rows` lines of `size.columns`. */
export function paint(view: DashboardView, focus: string, size: Size): readonly Line[] {
  const top = header.lines(view, size).map((line) => fitLine(line, size.columns));
  const body = { columns: size.columns, rows: size.rows - top.length };
  const shown = PANELS.filter((panel) => panel.shown(view));
  const focused = shown.find(({ name }) => name === focus) ?? shown[0]!;
  const below =
    body.columns >= 100 && body.rows >= 22 ? wide(view, shown, focused, body) : narrow(view, shown, focused, body);
  return fill([...top, ...below], size.rows);
}

/** Nodes and partitions at the left, steps and clients at the right, the timeline below both. */
function wide(view: DashboardView, shown: readonly Panel[], focused: Panel, { columns, rows }: Size): readonly Line[] {
  const of = (...names: readonly string[]) => shown.filter(({ name }) => names.includes(name));
  const timelineRows = Math.max(6, Math.floor(rows / 3));
  const upper = rows - timelineRows;
  const left = Math.floor((columns - 1) / 2);
  const right = columns - 1 - left;
  const leftLines = stack(view, of('nodes', 'partitions'), focused, { columns: left, rows: upper });
  const rightLines = stack(view, of('steps and expectations', 'clients and groups'), focused, {
    columns: right,
    rows: upper,
  });
  const joined = leftLines.map((line, row): Line => [...line, { text: ' ' }, ...rightLines[row]!]);
  return [...joined, ...stack(view, of('timeline'), focused, { columns, rows: timelineRows })];
}

/** Nodes first while they leave room, then the panel that Tab chose, then some of the timeline. */
function narrow(
  view: DashboardView,
  shown: readonly Panel[],
  focused: Panel,
  { columns, rows }: Size,
): readonly Line[] {
  const timeline = PANELS.find(({ name }) => name === 'timeline')!;
  if (focused === timeline) return titled(view, timeline, true, { columns, rows });
  const timelineRows = Math.min(6, Math.max(3, Math.floor(rows / 4)));
  const nodes = shown[0]!;
  const nodeRows = nodes.wish(view, columns) + 1;
  const both = focused !== nodes && rows - timelineRows - nodeRows >= 5;
  const panels = both ? [nodes, focused] : [focused];
  return [
    ...stack(view, panels, focused, { columns, rows: rows - timelineRows }),
    ...titled(view, timeline, false, { columns, rows: timelineRows }),
  ];
}

/** One above the other: each gets what it wishes while that fits, the last the rest. */
function stack(
  view: DashboardView,
  panels: readonly Panel[],
  focused: Panel,
  { columns, rows }: Size,
): readonly Line[] {
  const lines: Line[] = [];
  for (const [index, panel] of panels.entries()) {
    const left = rows - lines.length;
    const others = panels.length - index - 1;
    const wish = panel.wish(view, columns) + 1;
    const given = others === 0 ? left : Math.min(wish, Math.floor((left * 2) / 3));
    lines.push(...titled(view, panel, panel === focused, { columns, rows: given }));
  }
  return fill(lines, rows).map((line) => fitLine(line, columns));
}

/** A rule with the panel's name, reversed where it has the focus; then its lines. */
function titled(view: DashboardView, panel: Panel, focused: boolean, { columns, rows }: Size): readonly Line[] {
  if (rows < 1) return [];
  const name = ` ${panel.name} `;
  const title: Line = [
    { text: '──', tone: 'dim' },
    { text: name, bold: true, inverse: focused },
    {
      text: pad('─'.repeat(Math.max(0, columns - name.length - 2)), Math.max(0, columns - name.length - 2)),
      tone: 'dim',
    },
  ];
  const body = fill(panel.lines(view, { columns, rows: rows - 1 }), rows - 1);
  return [title, ...body].map((line) => fitLine(line, columns));
}
