import { ensembleEvents } from '../../coordinator/zookeeper/ensemble/events.ts';
import type { FieldValue, Trace } from '../../kernel/api.ts';
import type { Changes } from './changes.ts';

export interface ZnodeRecord {
  readonly data: string;
  readonly version: number;
  /** Session of an ephemeral, in hexadecimal. */
  readonly owner: string | null;
}

/** The znode tree as the ensemble committed it, folded from the trace; empty in KRaft mode. */
export class Znodes {
  readonly #byPath = new Map<string, ZnodeRecord>();

  constructor(trace: Trace, changes: Changes) {
    const text = (value: FieldValue | undefined) => (value === undefined || value === null ? '' : String(value));
    trace.subscribe([ensembleEvents['znode-created']], ({ values: [, path, owner, data] }) => {
      this.#byPath.set(path as string, { data: text(data), version: 0, owner: owner as string | null });
      changes.mark('quorum');
    });
    trace.subscribe([ensembleEvents['znode-changed']], ({ values: [, path, version, data] }) => {
      const owner = this.#byPath.get(path as string)?.owner ?? null;
      this.#byPath.set(path as string, { data: text(data), version: version as number, owner });
      changes.mark('quorum');
    });
    trace.subscribe([ensembleEvents['znode-deleted']], ({ values: [, path] }) => {
      this.#byPath.delete(path as string);
      changes.mark('quorum');
    });
  }

  /** Every path, in the order of their creation. */
  get paths(): readonly string[] {
    return [...this.#byPath.keys()];
  }

  get(path: string): ZnodeRecord | undefined {
    return this.#byPath.get(path);
  }
}
