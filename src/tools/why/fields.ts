/** Fields of an event by name; every reader of the trace here knows the kind that it reads. */
import type { FieldValue, TraceEvent } from '../../kernel/api.ts';

export function value({ kind, values }: TraceEvent, name: string): FieldValue {
  return values[kind.fields.indexOf(name)] ?? null;
}

export function text(event: TraceEvent, name: string): string {
  return String(value(event, name) ?? '');
}

/** NaN where there is none. */
export function number(event: TraceEvent, name: string): number {
  const found = value(event, name);
  return found === null ? Number.NaN : Number(found);
}

export function list(event: TraceEvent, name: string): readonly (string | number)[] {
  const found = value(event, name);
  return typeof found === 'object' && found !== null ? found : [];
}

/** `2 partitions`, `1 partition`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `9 s`, `1.5 s`, `300 ms`. */
export function spanText(us: number): string {
  if (us < 1_000_000) return `${Math.round(us / 1000)} ms`;
  return `${Math.round(us / 100_000) / 10} s`;
}

/** Who saw an error: the node of a simulated client, the client.id of a real one. */
export function clientOfError(event: TraceEvent): string {
  return event.kind.name === 'client-error-seen' ? event.node : text(event, 'client');
}

/** `billing` of `billing[1]`. */
export const clientName = (node: string): string => node.replace(/\[\d+\]$/, '');
