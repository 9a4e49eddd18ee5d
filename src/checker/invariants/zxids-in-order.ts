import { ensembleEvents } from '../../coordinator/zookeeper/ensemble/events.ts';
import type { EventKind, FieldValue } from '../../kernel/api.ts';
import type { Invariant } from '../invariant.ts';

const number = (zxid: FieldValue | undefined) => Number.parseInt(String(zxid), 16);

/** Zab: the leaders of all epochs commit one growing sequence. */
export const zxidsInOrder: Invariant = {
  name: 'zxids-in-order',
  about: 'Committed zxids only grow, over all leaders; and no ephemeral outlives its session.',
  attach({ trace, check }) {
    let latest = 0;
    const owned = new Map<string, Set<string>>();
    const owners = new Map<string, string>();
    let closed: { readonly session: string; readonly zxid: number } | null = null;
    const advance = (kind: EventKind, fold: (values: readonly FieldValue[]) => void) =>
      trace.subscribe([kind], ({ id, values }) => {
        const zxid = number(values[0]);
        if (closed !== null && zxid > closed.zxid) {
          const left = owned.get(closed.session);
          check(
            id,
            left?.size ? `session ${closed.session} is closed and ${[...left].join(', ')} is still there` : null,
          );
          closed = null;
        }
        check(id, zxid < latest ? `zxid 0x${zxid.toString(16)} was committed after 0x${latest.toString(16)}` : null);
        latest = Math.max(latest, zxid);
        fold(values);
      });
    advance(ensembleEvents['znode-created'], ([, path, owner]) => {
      if (owner === null || owner === undefined) return;
      owners.set(path as string, owner as string);
      const paths = owned.get(owner as string) ?? new Set();
      paths.add(path as string);
      owned.set(owner as string, paths);
    });
    advance(ensembleEvents['znode-changed'], () => {});
    advance(ensembleEvents['znode-deleted'], ([, path]) => {
      const owner = owners.get(path as string);
      if (owner !== undefined) owned.get(owner)?.delete(path as string);
      owners.delete(path as string);
    });
    trace.subscribe([ensembleEvents['session-closed']], ({ values: [session, , zxid] }) => {
      closed = { session: session as string, zxid: number(zxid) };
    });
  },
};
