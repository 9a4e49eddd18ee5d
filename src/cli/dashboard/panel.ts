import type { DashboardView } from '../../tools/view.ts';
import type { Line } from './text.ts';

/** Where a panel stands, and what of it is wanted. */
export interface Room {
  readonly columns: number;
  readonly rows: number;
  /** Words that a row must hold; empty: all rows. */
  readonly filter: string;
}

/** A panel of the dashboard: one file in `panels/` and one line in its index. */
export interface Panel {
  readonly name: string;
  /** Where it stands if there is room for all; `below` goes over the whole width. */
  readonly side: 'above' | 'left' | 'right' | 'below';
  /** Shown at all: a scenario's steps only where there is a scenario. */
  shown(view: DashboardView): boolean;
  /** How many rows it would like, without its title. */
  wish(view: DashboardView, columns: number): number;
  /**
   * All its rows, for `room.rows` of them to be seen at a time: leading ones without keys stay, of the others those around
   * the selection are shown.
   */
  lines(view: DashboardView, room: Room): readonly Line[];
  /** Of more rows than can be seen, which ones without a selection: the first, if left out. */
  readonly follows?: 'end';
  /** What is particular about it, for the help. */
  readonly help?: string;
  /** The key around which rows are seen without a selection. */
  present?(view: DashboardView): string;
}
