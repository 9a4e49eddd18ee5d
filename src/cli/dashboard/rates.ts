/** What changes from second to second of virtual time: one bar of a sparkline each. */
import type { Cluster } from '../../cluster/cluster.ts';
import type { OutsideConnections } from '../../cluster/outside-connections.ts';
import type { RunChecker } from '../../cluster/ports.ts';
import { type ApiRate, RequestRates } from '../../tools/request-rates.ts';
import type { GroupRow, OutsideRow, ProducerRow } from '../../tools/view.ts';
import { outsideOf } from '../../tools/view-clients.ts';

const MOST_KEPT = 40;
const SECOND_US = 1_000_000;

export class Rates {
  /** By key of what they are about, oldest first. */
  readonly values = new Map<string, number[]>();
  /** Per mille of each node's threads. */
  readonly cpu = new Map<string, number>();
  readonly #cluster: Cluster;
  readonly #checker: RunChecker | undefined;
  readonly #requests: RequestRates;
  #sampledUs: number;
  readonly #given = new Map<string, number>();
  /** Records of real clients, and requests of their connections, at the last sample. */
  readonly #moved = new Map<string, number>();
  readonly #asked = new Map<number, number>();
  readonly #recordsPerSecond = new Map<string, number>();
  #requestsPerSecond: ReadonlyMap<string, number> = new Map();

  constructor(cluster: Cluster, checker: RunChecker | undefined) {
    this.#cluster = cluster;
    this.#checker = checker;
    this.#requests = new RequestRates(cluster.trace);
    this.#sampledUs = cluster.world.nowUs;
  }

  /** Looks again, once a second of virtual time. */
  sample(producers: readonly ProducerRow[], groups: readonly GroupRow[]): void {
    const { nowUs } = this.#cluster.world;
    const spanUs = nowUs - this.#sampledUs;
    if (spanUs < SECOND_US) return;
    this.#sampledUs = nowUs;
    for (const { name, perSecond } of producers) this.#keep(`client:${name}`, perSecond);
    for (const { name, lag } of groups) this.#keep(`group:${name}`, lag);
    this.#sampleOutside(spanUs);
    this.#requests.sample(spanUs);
    for (const { name, control } of this.#cluster.nodes.values()) {
      this.#keep(
        `node:${name}`,
        this.requests(name).reduce((sum, { perSecond }) => sum + perSecond, 0),
      );
      const given = control.cpuGivenUs;
      // A new process counts from 0.
      const since = Math.max(0, given - (this.#given.get(name) ?? 0));
      this.#given.set(name, given);
      this.cpu.set(name, Math.round((since * 1000) / (spanUs * control.cpuThreads)));
    }
  }

  /** Requests that a node took in, of the last second. */
  requests(node: string): readonly ApiRate[] {
    return this.#requests.of(node);
  }

  outside(): readonly OutsideRow[] {
    const { world, outsideConnections } = this.#cluster;
    if (outsideConnections === undefined) return [];
    return outsideOf({
      connections: outsideConnections.all.values(),
      ledgers: this.#checker?.clients() ?? [],
      nowUs: world.nowUs,
      recordsPerSecond: this.#recordsPerSecond,
      requestsPerSecond: this.#requestsPerSecond,
    });
  }

  #sampleOutside(spanUs: number): void {
    for (const { client, sent, fetched } of this.#checker?.clients() ?? []) {
      const moved = sent + fetched;
      const perSecond = Math.round(((moved - (this.#moved.get(client) ?? 0)) * SECOND_US) / spanUs);
      this.#moved.set(client, moved);
      this.#recordsPerSecond.set(client, perSecond);
      this.#keep(`outside:${client}`, perSecond);
    }
    const asked = new Map<string, number>();
    const connections = this.#cluster.outsideConnections?.all ?? NOBODY;
    for (const { id, peer, requests } of connections.values()) {
      asked.set(peer.clientId, (asked.get(peer.clientId) ?? 0) + requests - (this.#asked.get(id) ?? 0));
      this.#asked.set(id, requests);
    }
    for (const id of this.#asked.keys()) if (!connections.has(id)) this.#asked.delete(id);
    this.#requestsPerSecond = new Map(
      [...asked].map(([client, count]) => [client, Math.round((count * SECOND_US) / spanUs)]),
    );
  }

  #keep(key: string, value: number): void {
    const values = this.values.get(key) ?? [];
    values.push(value);
    if (values.length > MOST_KEPT) values.shift();
    this.values.set(key, values);
  }
}

const NOBODY: OutsideConnections['all'] = new Map();
