/** What changes from second to second of virtual time: one bar of a sparkline each. */
import type { Cluster } from '../../cluster/cluster.ts';
import type { RunChecker } from '../../cluster/ports.ts';
import type { GroupRow, OutsideRow, ProducerRow } from '../../tools/view.ts';

const MOST_KEPT = 40;
const SECOND_US = 1_000_000;

export class Rates {
  /** By key of what they are about, oldest first. */
  readonly values = new Map<string, number[]>();
  /** Per mille of each node's threads. */
  readonly cpu = new Map<string, number>();
  readonly #cluster: Cluster;
  readonly #checker: RunChecker | undefined;
  #sampledUs: number;
  readonly #given = new Map<string, number>();
  readonly #moved = new Map<string, number>();
  readonly #perSecond = new Map<string, number>();

  constructor(cluster: Cluster, checker: RunChecker | undefined) {
    this.#cluster = cluster;
    this.#checker = checker;
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
    for (const { client, sent, fetched } of this.#checker?.clients() ?? []) {
      const moved = sent + fetched;
      const perSecond = Math.round(((moved - (this.#moved.get(client) ?? 0)) * SECOND_US) / spanUs);
      this.#moved.set(client, moved);
      this.#perSecond.set(client, perSecond);
      this.#keep(`outside:${client}`, perSecond);
    }
    for (const { name, control } of this.#cluster.nodes.values()) {
      const given = control.cpuGivenUs;
      // A new process counts from 0.
      const since = Math.max(0, given - (this.#given.get(name) ?? 0));
      this.#given.set(name, given);
      this.cpu.set(name, Math.round((since * 1000) / (spanUs * control.cpuThreads)));
    }
  }

  outside(): readonly OutsideRow[] {
    return (this.#checker?.clients() ?? []).map(({ client, ...counts }) => ({
      name: client,
      ...counts,
      perSecond: this.#perSecond.get(client) ?? 0,
    }));
  }

  #keep(key: string, value: number): void {
    const values = this.values.get(key) ?? [];
    values.push(value);
    if (values.length > MOST_KEPT) values.shift();
    this.values.set(key, values);
  }
}
