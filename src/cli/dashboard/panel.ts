import type { DashboardView } from '../../tools/view.ts';
import type { Line } from './text.ts';

/** A panel of the dashboard: one file in `panels/` and one line in its index. */
export interface Panel {
  readonly name: string;
  /** Shown at all: a scenario's steps only where there is a scenario. */
  shown(view: DashboardView): boolean;
  /** How many rows it would like, without its title. */
  wish(view: DashboardView, columns: number): number;
  /** Its rows; whatever exceeds `size.rows` is cut. */
  lines(view: DashboardView, size: { readonly columns: number; readonly rows: number }): readonly Line[];
}
