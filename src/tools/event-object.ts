import type { FieldValue, TraceEvent } from '../kernel/api.ts';

export interface EventObject {
  readonly id: number;
  /** Since the cluster was ready. */
  readonly atMs: number;
  readonly node: string;
  readonly kind: string;
  readonly cause: number;
  readonly fields: Readonly<Record<string, FieldValue>>;
}

/** An event for programs: flat, with the fields by name. */
export function eventObject(event: TraceEvent, zeroUs: number): EventObject {
  const fields = Object.fromEntries(event.kind.fields.map((name, index) => [name, event.values[index] ?? null]));
  return {
    id: event.id,
    atMs: (event.atUs - zeroUs) / 1000,
    node: event.node,
    kind: event.kind.name,
    cause: event.cause,
    fields,
  };
}
