import { kraftEvents } from '../../coordinator/kraft/events.ts';
import { ensembleEvents } from '../../coordinator/zookeeper/ensemble/events.ts';
import type { EventKind, FieldValue, Trace } from '../../kernel/api.ts';
import type { Changes } from './changes.ts';

/** A member that leads, by its own knowledge. */
export interface QuorumLeadership {
  readonly node: string;
  readonly epoch: number;
}

/**
 * The KRaft quorum or the ZooKeeper ensemble, folded from the trace. Two members may believe to lead for a while (one of
 * them is cut off); the one with the higher epoch is the leader that is meant.
 */
export class Quorum {
  /** Members, running or not. */
  readonly size: number;
  readonly #leaders = new Map<string, number>();
  readonly #changes: Changes;

  constructor(trace: Trace, changes: Changes, size: number) {
    this.size = size;
    this.#changes = changes;
    const elected = (kind: EventKind) =>
      trace.subscribe([kind], ({ node, values: [epoch] }) => {
        this.#leaders.set(node, epochNumber(epoch));
        changes.mark('quorum');
      });
    const lost = (kind: EventKind) => trace.subscribe([kind], ({ node }) => this.forget(node));
    elected(kraftEvents['quorum-leader-elected']);
    lost(kraftEvents['quorum-leader-resigned']);
    elected(ensembleEvents['ensemble-leader-elected']);
    lost(ensembleEvents['ensemble-leadership-lost']);
  }

  /** A member's process ended, or it gave up: it leads no more. */
  forget(node: string): void {
    if (this.#leaders.delete(node)) this.#changes.mark('quorum');
  }

  get current(): QuorumLeadership | undefined {
    let best: QuorumLeadership | undefined;
    for (const [node, epoch] of this.#leaders) if (best === undefined || epoch > best.epoch) best = { node, epoch };
    return best;
  }

  get leader(): string | undefined {
    return this.current?.node;
  }

  /** Every member that believes to lead. */
  get believers(): readonly string[] {
    return [...this.#leaders.keys()];
  }
}

/** ZooKeeper's epochs are traced as they are printed, in hexadecimal. */
function epochNumber(value: FieldValue | undefined): number {
  return typeof value === 'string' ? Number.parseInt(value, 16) : Number(value);
}
