import { ensembleEvents } from '../../coordinator/zookeeper/ensemble/events.ts';
import { zookeeperModeEvents } from '../../coordinator/zookeeper/kafka/events.ts';
import type { Trace } from '../../kernel/api.ts';

/** A session of the ensemble. */
export interface SessionRecord {
  /** In hexadecimal, as ZooKeeper prints it. */
  readonly id: string;
  readonly timeoutMs: number;
  /** Node of the broker whose session it is; null: of somebody else, or not known yet. */
  owner: string | null;
  /** Server that its client was last seen at; null: not known. */
  server: string | null;
}

/** The sessions that the ensemble committed and has not ended, folded from the trace; none in KRaft mode. No condition reads them. */
export class Sessions {
  readonly all = new Map<string, SessionRecord>();

  constructor(trace: Trace) {
    trace.subscribe([ensembleEvents['session-created']], ({ values: [session, timeoutMs] }) => {
      const id = session as string;
      this.all.set(id, { id, timeoutMs: timeoutMs as number, owner: null, server: null });
    });
    trace.subscribe([ensembleEvents['session-closed']], ({ values: [session] }) => {
      this.all.delete(session as string);
    });
    trace.subscribe([ensembleEvents['session-moved']], ({ values: [session, server] }) => {
      const record = this.all.get(session as string);
      if (record !== undefined) record.server = server as string;
    });
    trace.subscribe([zookeeperModeEvents['zookeeper-session-established']], ({ node, values: [, session, server] }) => {
      const record = this.all.get(session as string);
      if (record === undefined) return;
      record.owner = node;
      record.server = server as string;
    });
  }
}
