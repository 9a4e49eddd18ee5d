/** Events and times as lines of text, the same in logs, prompt and dashboard. */
import type { TraceEvent } from '../kernel/api.ts';
import { fieldText } from '../tools/causes.ts';
import type { Paints } from './terminal/paint.ts';

/** `5.000s`, `-0.312s`. */
export function seconds(us: number): string {
  return `${(us / 1_000_000).toFixed(3)}s`;
}

/** `partition=orders-0 leader=2 isr=[2,3]`. */
export function fieldsText(event: TraceEvent): string {
  return event.kind.fields.map((name, index) => `${name}=${fieldText(event.values[index] ?? null)}`).join(' ');
}

const NODE_WIDTH = 15;
const KIND_WIDTH = 26;

/** One event as one line: time since the cluster was ready, node, kind, fields. */
export function eventLine(event: TraceEvent, zeroUs: number, paints: Paints): string {
  const time = seconds(event.atUs - zeroUs).padStart(10);
  const node = event.node.padEnd(NODE_WIDTH);
  const kind = event.kind.name.padEnd(KIND_WIDTH);
  return `${paints.dim(time)}  ${node} ${paints.bold(kind)} ${fieldsText(event)}`.trimEnd();
}
