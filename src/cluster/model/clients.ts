import { clientEvents as kinds } from '../../client/events.ts';
import type { EventId, Micros, Trace, TraceEvent } from '../../kernel/api.ts';
import type { Changes } from './changes.ts';
import { LatencyHistogram } from './latency.ts';

/** What one producing client did and saw; its members are counted together. */
export interface ProducerRecord {
  readonly name: string;
  sent: number;
  acked: number;
  failed: number;
  retried: number;
  readonly latencies: LatencyHistogram;
  /** `NAME` and `NAME partition` → how often. */
  readonly errors: Map<string, number>;
  lastError: string | null;
  lastErrorEvent: number;
  lastErrorUs: Micros;
  /** When it last had an acknowledgement, or began to send. */
  lastAckUs: Micros | undefined;
  longestGapUs: number;
  /** What ended the longest gap; undefined before the second acknowledgement. */
  longestGapEnd: { readonly atUs: Micros; readonly event: EventId; readonly partition: string } | undefined;
  /** Acknowledgements of the last whole second and of the one that runs. */
  readonly ackedPerSecond: { secondUs: number; now: number; before: number };
  sending: boolean;
}

const SECOND_US = 1_000_000;

/** Every simulated producer, folded from the trace. */
export class Producers {
  readonly all = new Map<string, ProducerRecord>();
  readonly #changes: Changes;
  readonly #byNode = new Map<string, ProducerRecord>();

  constructor(trace: Trace, changes: Changes) {
    this.#changes = changes;
    const on = (kind: (typeof kinds)[keyof typeof kinds], fold: (client: ProducerRecord, event: TraceEvent) => void) =>
      trace.subscribe([kind], (event) => {
        fold(this.#client(event.node), event);
        this.#changes.mark('clients');
      });
    on(kinds['sending-started'], (client, { atUs }) => {
      client.sending = true;
      client.lastAckUs ??= atUs;
    });
    on(kinds['sending-stopped'], (client) => {
      client.sending = false;
    });
    on(kinds['record-sent'], (client) => {
      client.sent += 1;
    });
    on(kinds['batch-acknowledged'], (client, { id, atUs, values: [partition, serials, , , latencyUs] }) => {
      const count = (serials as readonly number[]).length;
      client.acked += count;
      client.latencies.add(latencyUs as number, count);
      if (client.lastAckUs !== undefined && atUs - client.lastAckUs > client.longestGapUs) {
        client.longestGapUs = atUs - client.lastAckUs;
        client.longestGapEnd = { atUs, event: id, partition: partition as string };
      }
      client.lastAckUs = atUs;
      this.#countSecond(client, atUs, count);
    });
    on(kinds['batch-retried'], (client, { values: [, serials] }) => {
      client.retried += (serials as readonly number[]).length;
    });
    on(kinds['batch-failed'], (client, { values: [, serials] }) => {
      client.failed += (serials as readonly number[]).length;
    });
    on(kinds['send-failed'], (client) => {
      client.sent += 1;
      client.failed += 1;
    });
    on(kinds['client-error-seen'], (client, { id, atUs, values: [, error, partition] }) => {
      const name = error as string;
      client.lastError = name;
      client.lastErrorEvent = id;
      client.lastErrorUs = atUs;
      client.errors.set(name, (client.errors.get(name) ?? 0) + 1);
      if (partition !== null && partition !== '') {
        const key = `${name} ${partition}`;
        client.errors.set(key, (client.errors.get(key) ?? 0) + 1);
      }
    });
  }

  /** Acknowledgements a second, over the last whole second. */
  rate(client: ProducerRecord, nowUs: Micros): number {
    this.#countSecond(client, nowUs, 0);
    return client.ackedPerSecond.before;
  }

  /** The longest time between two acknowledgements, the present silence included while it sends. */
  longestGapUs(client: ProducerRecord, nowUs: Micros): number {
    if (!client.sending || client.lastAckUs === undefined) return client.longestGapUs;
    return Math.max(client.longestGapUs, nowUs - client.lastAckUs);
  }

  #countSecond(client: ProducerRecord, nowUs: Micros, count: number): void {
    const window = client.ackedPerSecond;
    const secondUs = nowUs - (nowUs % SECOND_US);
    if (secondUs !== window.secondUs) {
      window.before = secondUs - window.secondUs === SECOND_US ? window.now : 0;
      window.now = 0;
      window.secondUs = secondUs;
    }
    window.now += count;
  }

  #client(node: string): ProducerRecord {
    const known = this.#byNode.get(node);
    if (known !== undefined) return known;
    const bracket = node.indexOf('[');
    const name = bracket < 0 ? node : node.slice(0, bracket);
    let client = this.all.get(name);
    if (client === undefined) {
      client = {
        name,
        sent: 0,
        acked: 0,
        failed: 0,
        retried: 0,
        latencies: new LatencyHistogram(),
        errors: new Map(),
        lastError: null,
        lastErrorEvent: 0,
        lastErrorUs: 0,
        lastAckUs: undefined,
        longestGapUs: 0,
        longestGapEnd: undefined,
        ackedPerSecond: { secondUs: 0, now: 0, before: 0 },
        sending: false,
      };
      this.all.set(name, client);
    }
    this.#byNode.set(node, client);
    return client;
  }
}
