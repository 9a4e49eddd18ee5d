/** What clients wait for and what they were told: kept for whoever looks at one client, folded from the trace from now on. */
import { clientEvents as kinds } from '../client/events.ts';
import { outsideEvents } from '../cluster/outside-events.ts';
import type { EventId, Micros, Trace, TraceEvent } from '../kernel/api.ts';

/** A batch that its producer has sent, and has no answer to. */
export interface SentBatch {
  readonly partition: string;
  readonly records: number;
  readonly attempt: number;
  readonly broker: number;
  readonly atUs: Micros;
}

/** An error that a client saw. */
export interface SeenError {
  readonly event: EventId;
  readonly atUs: Micros;
  readonly api: string;
  readonly error: string;
  readonly partition: string;
}

const MOST_ERRORS = 20;

export class InFlight {
  readonly #batches = new Map<string, Map<string, SentBatch>>();
  /** By client; a real one as `outside:` and its client.id. */
  readonly #errors = new Map<string, SeenError[]>();

  constructor(trace: Trace) {
    trace.subscribe([kinds['batch-sent']], ({ node, atUs, values }) => {
      const serials = values[1] as readonly number[];
      this.#of(node).set(keyOf(values[0] as string, serials), {
        partition: values[0] as string,
        records: serials.length,
        attempt: values[7] as number,
        broker: values[8] as number,
        atUs,
      });
    });
    const ended = ({ node, values }: TraceEvent): void =>
      void this.#of(node).delete(keyOf(values[0] as string, values[1] as readonly number[]));
    for (const kind of ['batch-acknowledged', 'batch-retried', 'batch-split', 'batch-failed'] as const)
      trace.subscribe([kinds[kind]], ended);
    trace.subscribe([kinds['client-error-seen']], (event) => {
      const [api, error, partition] = event.values;
      this.#see(clientOf(event.node), event, {
        api: String(api),
        error: String(error),
        partition: String(partition ?? ''),
      });
    });
    for (const kind of [outsideEvents['client-error-told'], outsideEvents['client-request-unanswered']])
      trace.subscribe([kind], (event) => {
        const [client, api, error, partition] = event.values;
        this.#see(`outside:${client}`, event, {
          api: String(api),
          error: String(error),
          partition: String(partition ?? ''),
        });
      });
  }

  /** Of all members of a client, the oldest first. */
  batches(client: string): readonly SentBatch[] {
    return [...this.#batches]
      .filter(([node]) => clientOf(node) === client)
      .flatMap(([, batches]) => [...batches.values()])
      .sort((a, b) => a.atUs - b.atUs || (a.partition < b.partition ? -1 : 1));
  }

  /** The latest first. */
  errors(client: string): readonly SeenError[] {
    return [...(this.#errors.get(client) ?? [])].reverse();
  }

  #of(node: string): Map<string, SentBatch> {
    let batches = this.#batches.get(node);
    if (batches === undefined) {
      batches = new Map();
      this.#batches.set(node, batches);
    }
    return batches;
  }

  #see(client: string, { id, atUs }: TraceEvent, error: Pick<SeenError, 'api' | 'error' | 'partition'>): void {
    const errors = this.#errors.get(client) ?? [];
    errors.push({ event: id, atUs, ...error });
    if (errors.length > MOST_ERRORS) errors.shift();
    this.#errors.set(client, errors);
  }
}

/** Serials of a partition's batches do not overlap: the first one names the batch. */
const keyOf = (partition: string, serials: readonly number[]): string => `${partition} ${serials[0]}`;

/** `billing[0]` is a member of `billing`. */
function clientOf(node: string): string {
  const bracket = node.indexOf('[');
  return bracket < 0 ? node : node.slice(0, bracket);
}
