/** A diagram for programs: times in milliseconds since the cluster was ready, nodes by their names. */
import type { Diagram, Row } from './diagram.ts';

export function diagramObject(diagram: Diagram): Readonly<Record<string, unknown>> {
  const { zeroUs, fromUs, toUs, lanes, rows, notes } = diagram;
  const ms = (us: number): number => (us - zeroUs) / 1000;
  const nameOf = (lane: number): string | null => lanes[lane]?.name ?? null;
  const rowObject = (row: Row): unknown => {
    switch (row.kind) {
      case 'message': {
        const { from, to, name, text, note, role, ending, bad, cause } = row;
        return {
          kind: row.kind,
          atMs: ms(row.atUs),
          from: nameOf(from),
          to: nameOf(to),
          name,
          text,
          note,
          role,
          ending,
          bad,
          cause,
        };
      }
      case 'mark': {
        const { lane, event, eventKind, text, more } = row;
        return { kind: 'event', atMs: ms(row.atUs), node: nameOf(lane), event, eventKind, text, more };
      }
      case 'chatter':
        return { kind: row.kind, atMs: ms(row.atUs), toMs: ms(row.toUs), messages: row.count, text: row.text };
    }
  };
  return { fromMs: ms(fromUs), toMs: ms(toUs), nodes: lanes.map(({ name }) => name), rows: rows.map(rowObject), notes };
}
