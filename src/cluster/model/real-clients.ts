import type { EventKind, FieldValue, Trace } from '../../kernel/api.ts';
import { outsideEvents as kinds } from '../outside-events.ts';
import type { Changes } from './changes.ts';

/** What one real client did and was told, as far as the protocol shows it; all connections with its client.id together. Records. */
export interface RealClientRecord {
  readonly name: string;
  /** In produce requests; what was sent twice counts twice. */
  sent: number;
  acked: number;
  refused: number;
  fetched: number;
  /** `NAME` and `NAME partition` → how often. */
  readonly errors: Map<string, number>;
  lastError: string | null;
}

/** Every real client by its client.id, folded from the trace. */
export class RealClients {
  readonly all = new Map<string, RealClientRecord>();

  constructor(trace: Trace, changes: Changes) {
    const on = (kind: EventKind, fold: (client: RealClientRecord, values: readonly FieldValue[]) => void): void =>
      void trace.subscribe([kind], ({ values }) => {
        fold(this.#client(values[0] as string), values);
        changes.mark('clients');
      });
    on(kinds['client-batch-received'], (client, values) => {
      client.sent += values[2] as number;
    });
    on(kinds['client-batch-acknowledged'], (client, values) => {
      client.acked += values[2] as number;
    });
    on(kinds['client-batch-refused'], (client, values) => {
      client.refused += values[2] as number;
    });
    on(kinds['client-records-fetched'], (client, values) => {
      client.fetched += (values[3] as number) - (values[2] as number) + 1;
    });
    for (const kind of [kinds['client-error-told'], kinds['client-request-unanswered']])
      on(kind, (client, [, , error, partition]) => {
        client.lastError = error as string;
        for (const key of partition === null ? [error] : [error, `${error} ${partition}`])
          client.errors.set(key as string, (client.errors.get(key as string) ?? 0) + 1);
      });
  }

  #client(name: string): RealClientRecord {
    const known = this.all.get(name);
    if (known !== undefined) return known;
    const client = { name, sent: 0, acked: 0, refused: 0, fetched: 0, errors: new Map(), lastError: null };
    this.all.set(name, client);
    return client;
  }
}
