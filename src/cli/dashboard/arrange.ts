/** Where the panels stand: a pure function of the room that there is. Side by side where it is wide enough, one at a time where not. */
import type { DashboardView } from '../../tools/view.ts';
import type { Panel } from './panel.ts';
import { PANELS } from './panels/index.ts';
import type { Ui } from './ui.ts';

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

export interface Placed {
  readonly panel: Panel;
  /** With its title. */
  readonly rows: number;
}

/** Panels one above the other. */
export interface Stack {
  readonly columns: number;
  readonly placed: readonly Placed[];
}

export interface Arrangement {
  /** Side by side. */
  readonly upper: readonly Stack[];
  readonly lower: Stack;
}

export function arrange(view: DashboardView, ui: Ui, size: Size): Arrangement {
  const shown = PANELS.filter((panel) => panel.shown(view));
  const focused = shown.find(({ name }) => name === ui.focus) ?? shown[0]!;
  if (ui.zoomed) return { upper: [], lower: { columns: size.columns, placed: [{ panel: focused, rows: size.rows }] } };
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
