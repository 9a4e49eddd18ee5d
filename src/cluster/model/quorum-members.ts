import { kraftEvents } from '../../coordinator/kraft/events.ts';
import { ensembleEvents } from '../../coordinator/zookeeper/ensemble/events.ts';
import type { Trace } from '../../kernel/api.ts';
import { storageEvents } from '../../storage/events.ts';

/** A voter of the metadata quorum, or a server of the ensemble, by what it said last. */
export interface QuorumMember {
  readonly name: string;
  role: 'leader' | 'follower' | 'candidate' | 'looking';
  /** Of the role; -1: it has not said. */
  epoch: number;
  /** Whom a follower follows: a voter's id, a server's name. */
  follows: string;
  /** Of its copy of the metadata log (KRaft); 0 for a server of ZooKeeper. */
  logEndOffset: number;
  /** Everything below is on its platter (KRaft). */
  flushedOffset: number;
}

const METADATA = '__cluster_metadata-0';

/**
 * Every member of the quorum, folded from the trace: how far each voter's log goes, who follows whom. No condition reads this, so it
 * marks no change.
 */
export class QuorumMembers {
  readonly all = new Map<string, QuorumMember>();
  readonly #members: ReadonlySet<string>;

  constructor(trace: Trace, members: readonly string[]) {
    this.#members = new Set(members);
    for (const name of members) this.#member(name);
    this.#foldRoles(trace);
    this.#foldLogs(trace);
  }

  /** Its process ended: its log stays, its role does not. */
  forget(node: string): void {
    this.#role(node, 'looking', -1, '');
  }

  #foldRoles(trace: Trace): void {
    trace.subscribe([kraftEvents['quorum-leader-elected']], ({ node, values: [epoch] }) =>
      this.#role(node, 'leader', epoch as number, node),
    );
    trace.subscribe([kraftEvents['quorum-candidacy-started']], ({ node, values: [epoch] }) =>
      this.#role(node, 'candidate', epoch as number, ''),
    );
    trace.subscribe([kraftEvents['quorum-leader-followed']], ({ node, values: [epoch, leader] }) =>
      this.#role(node, 'follower', epoch as number, String(leader)),
    );
    for (const kind of [kraftEvents['quorum-leader-lost'], kraftEvents['quorum-leader-resigned']])
      trace.subscribe([kind], ({ node, values: [epoch] }) => this.#role(node, 'looking', epoch as number, ''));
    trace.subscribe([ensembleEvents['ensemble-election-started']], ({ node }) => this.#role(node, 'looking', -1, ''));
    trace.subscribe([ensembleEvents['ensemble-leader-elected']], ({ node, values: [epoch] }) =>
      this.#role(node, 'leader', Number.parseInt(String(epoch), 16), node),
    );
    trace.subscribe([ensembleEvents['ensemble-follower-synced']], ({ node, values: [follower] }) =>
      this.#role(follower as string, 'follower', this.all.get(node)?.epoch ?? -1, node),
    );
    for (const kind of [ensembleEvents['ensemble-leadership-lost'], ensembleEvents['ensemble-leader-left']])
      trace.subscribe([kind], ({ node }) => this.#role(node, 'looking', -1, ''));
  }

  #foldLogs(trace: Trace): void {
    trace.subscribe([storageEvents['records-appended']], ({ node, values }) => {
      if (values[0] !== METADATA) return;
      this.#log(node, { logEndOffset: (values[2] as number) + 1 });
    });
    trace.subscribe([storageEvents['log-flushed']], ({ node, values }) => {
      if (values[0] === METADATA) this.#log(node, { flushedOffset: values[1] as number });
    });
    trace.subscribe([storageEvents['log-recovered']], ({ node, values }) => {
      if (values[0] === METADATA)
        this.#log(node, { logEndOffset: values[2] as number, flushedOffset: values[2] as number });
    });
    trace.subscribe([storageEvents['log-truncated']], ({ node, values }) => {
      if (values[0] === METADATA) this.#log(node, { logEndOffset: values[2] as number });
    });
    trace.subscribe([kraftEvents['metadata-log-truncated']], ({ node, values: [, to] }) =>
      this.#log(node, { logEndOffset: to as number }),
    );
    trace.subscribe([storageEvents['log-created']], ({ node, values }) => {
      if (values[0] === METADATA) this.#log(node, { logEndOffset: 0, flushedOffset: 0 });
    });
  }

  #log(node: string, change: Partial<Pick<QuorumMember, 'logEndOffset' | 'flushedOffset'>>): void {
    const member = this.#members.has(node) ? this.all.get(node) : undefined;
    if (member !== undefined) Object.assign(member, change);
  }

  #role(node: string, role: QuorumMember['role'], epoch: number, follows: string): void {
    const member = this.#members.has(node) ? this.all.get(node) : undefined;
    if (member === undefined) return;
    member.role = role;
    member.epoch = epoch;
    member.follows = follows;
  }

  #member(name: string): void {
    this.all.set(name, { name, role: 'looking', epoch: -1, follows: '', logEndOffset: 0, flushedOffset: 0 });
  }
}
