/** Rows of text in columns, as Java's `%-15s` lays them out. */
import type { ToolCall } from './tool.ts';

/** Each cell but the last is padded to its width: `%-15s %-10s %s`. */
export function row(widths: readonly number[], cells: readonly (string | number)[]): string {
  return cells.map((cell, index) => String(cell).padEnd(widths[index] ?? 0)).join(' ');
}

/** The widest of a column, and no less than `least`. */
export function widest(least: number, cells: readonly string[]): number {
  return cells.reduce((width, cell) => Math.max(width, cell.length), least);
}

/** Every column as wide as its widest cell and followed by a tab (ToolsUtils.prettyPrintTable). */
export function prettyTable(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = head.map((title, column) =>
    widest(
      title.length,
      rows.map((cells) => cells[column] ?? ''),
    ),
  );
  return [head, ...rows].map((cells) => cells.map((cell, column) => `${cell.padEnd(widths[column]!)}\t`).join(''));
}

/** A pretty table, and for `-o json` an object a row. */
export function printTable(
  { print, data }: ToolCall,
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): void {
  print(
    ...prettyTable(
      head,
      rows.map((cells) => cells.map(String)),
    ),
  );
  data(...rows.map((cells) => keyed(head, cells)));
}

/** `['GROUP', 'LAG']`, `['billing', 3]` → `{ GROUP: 'billing', LAG: 3 }`; nothing for what is missing. */
export function keyed(head: readonly string[], cells: readonly unknown[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    head.map((title, index) => [title, cells[index] === MISSING || cells[index] === NONE ? null : cells[index]]),
  );
}

/** What stands where there is no value. */
export const MISSING = '-';
/** The same, of kafka-transactions. */
export const NONE = 'None';

export function orMissing(value: string | number | null | undefined): string {
  return value === null || value === undefined || value === '' ? MISSING : String(value);
}
