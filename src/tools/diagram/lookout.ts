/** What diagrams are drawn from: the latest messages of a cluster, and the details that explain what became of them. Looking leaves no mark. */
import { clientEvents } from '../../client/events.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { kraftEvents } from '../../coordinator/kraft/events.ts';
import { ensembleEvents } from '../../coordinator/zookeeper/ensemble/events.ts';
import type { EventKind, TraceEvent } from '../../kernel/api.ts';
import { kernelEvents } from '../../kernel/events.ts';
import { rpcEvents } from '../../rpc/events.ts';
import { MessageLog } from '../messages/log.ts';

/** Not notable, and yet what one looks for between messages: why one has no answer, who asks for votes. */
const DETAILS: readonly EventKind[] = [
  rpcEvents['request-intercepted'],
  rpcEvents['request-timed-out'],
  rpcEvents['request-rejected'],
  rpcEvents['connection-attempt-timed-out'],
  kernelEvents['connection-refused'],
  kernelEvents['connection-closed'],
  clientEvents['client-error-seen'],
  kraftEvents['quorum-pre-vote-started'],
  kraftEvents['quorum-leader-followed'],
  ensembleEvents['ensemble-election-started'],
  ensembleEvents['ensemble-vote-decided'],
];

const MOST_DETAILS = 4_000;

export class Lookout {
  readonly messages: MessageLog;
  readonly #details: TraceEvent[] = [];

  /** `cluster` has not booted: whatever it says is heard. */
  constructor({ world, trace, model }: Pick<Cluster, 'world' | 'trace' | 'model'>, mostMessages?: number) {
    const { topics } = model.authority;
    this.messages = new MessageLog(
      world.network,
      (id) => {
        for (const topic of topics.values()) if (topic.id === id) return topic.name;
        return undefined;
      },
      mostMessages,
    );
    trace.subscribe(DETAILS, (event) => {
      this.#details.push(event);
      if (this.#details.length > 2 * MOST_DETAILS) this.#details.splice(0, MOST_DETAILS);
    });
  }

  latest(kind: string): TraceEvent | undefined {
    return this.#details.findLast((event) => event.kind.name === kind);
  }

  /** Of a stretch of world time, oldest first. */
  detailsWithin(fromUs: number, toUs: number): readonly TraceEvent[] {
    return this.#details.filter(({ atUs }) => atUs >= fromUs && atUs <= toUs);
  }
}
