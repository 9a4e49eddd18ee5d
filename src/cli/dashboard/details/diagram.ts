import type { Line } from '../text.ts';
import { type Detail, none } from './detail.ts';

/** Messages between nodes around an event (`diagram:#1234`), or as one asked at the prompt (`diagram:broker-1 --span 50ms`). */
export const diagram: Detail = ({ drawings }, name, columns) =>
  drawings?.lines(name, columns) ?? [none('no diagrams are drawn here')];

/** The page of a diagram for what is selected; undefined: there is none of it. */
export function diagramOf(key: string): string | undefined {
  const [kind, ...rest] = key.split(':');
  const name = rest.join(':');
  if (kind === 'event') return `diagram:#${name}`;
  if (kind === 'outside') return 'diagram:outside';
  return kind === 'node' || kind === 'partition' || kind === 'client' ? `diagram:${name}` : undefined;
}

/** The key of the event that a diagram is around: its words are bold. Undefined: it is around a moment. */
export function focusOf(lines: readonly Line[]): string | undefined {
  for (const line of lines) for (const { bold, key } of line) if (bold === true && key !== undefined) return key;
  return undefined;
}

/** A line of the prompt that a page answers better than the few rows above it; undefined for any other. */
export function pageOfLine(line: string): string | undefined {
  const match = /^diagram(?:\s+(.*))?$/.exec(line.trim());
  if (match === null || /--svg\b|\||(?:-o|--output)[ =]/.test(line)) return undefined;
  return `diagram:${match[1] ?? ''}`;
}
