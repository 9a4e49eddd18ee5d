import { ensembleEvents } from '../../coordinator/zookeeper/ensemble/events.ts';
import type { FieldValue, Trace } from '../../kernel/api.ts';
import type { Changes } from './changes.ts';

export interface ZnodeRecord {
  readonly data: string;
  readonly version: number;
  /** Session of an ephemeral, in hexadecimal. */
  readonly owner: string | null;
  /** The txn that made it, and when, in world time. */
  readonly created: Moment;
  /** The txn that gave it its data. */
  readonly changed: Moment;
  /** `scheme:id:permissions`; undefined: everybody may do everything. */
  readonly acl: readonly string[] | undefined;
}

interface Moment {
  readonly zxid: string;
  readonly atUs: number;
}

/** The znode tree as the ensemble committed it, folded from the trace; empty in KRaft mode. */
export class Znodes {
  readonly #byPath = new Map<string, ZnodeRecord>();

  constructor(trace: Trace, changes: Changes) {
    const text = (value: FieldValue | undefined) => (value === undefined || value === null ? '' : String(value));
    trace.subscribe([ensembleEvents['znode-created']], ({ atUs, values: [zxid, path, owner, data] }) => {
      const created = { zxid: zxid as string, atUs };
      this.#byPath.set(path as string, {
        data: text(data),
        version: 0,
        owner: owner as string | null,
        created,
        changed: created,
        acl: undefined,
      });
      changes.mark('quorum');
    });
    trace.subscribe([ensembleEvents['znode-changed']], ({ atUs, values: [zxid, path, version, data] }) => {
      const record = this.#byPath.get(path as string);
      const changed = { zxid: zxid as string, atUs };
      const { owner = null, created = changed, acl } = record ?? {};
      this.#byPath.set(path as string, {
        data: text(data),
        version: version as number,
        owner,
        created,
        changed,
        acl,
      });
      changes.mark('quorum');
    });
    trace.subscribe([ensembleEvents['znode-acl-changed']], ({ values: [, path, , acl] }) => {
      const record = this.#byPath.get(path as string);
      if (record !== undefined) this.#byPath.set(path as string, { ...record, acl: acl as readonly string[] });
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
