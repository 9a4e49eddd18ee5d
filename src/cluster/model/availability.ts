import type { Micros } from '../../kernel/api.ts';
import { brokerNode } from '../options.ts';
import type { Authority, PartitionRecord } from './authority.ts';
import type { Nodes } from './nodes.ts';

interface Outage {
  totalUs: number;
  sinceUs: Micros | undefined;
}

/**
 * For each partition, the total time in which the leader that the authority names was not running, or there was none.
 * Told of every change of a leader or of a process; the sum at a moment follows from the last change.
 */
export class Availability {
  readonly #outages = new Map<string, Outage>();
  readonly #authority: Authority;
  readonly #nodes: Nodes;
  #fromUs: Micros | undefined;

  constructor(authority: Authority, nodes: Nodes) {
    this.#authority = authority;
    this.#nodes = nodes;
  }

  /** Counting begins here (time 0): what was unavailable during start-up does not count. */
  begin(nowUs: Micros): void {
    this.#fromUs = nowUs;
    this.#outages.clear();
    for (const record of this.#authority.partitions.values()) this.partitionChanged(record, nowUs);
  }

  partitionChanged(record: PartitionRecord, nowUs: Micros): void {
    if (this.#fromUs === undefined) return;
    const available = record.leader >= 0 && this.#nodes.running(brokerNode(record.leader));
    let outage = this.#outages.get(record.name);
    if (outage === undefined) {
      outage = { totalUs: 0, sinceUs: undefined };
      this.#outages.set(record.name, outage);
    }
    if (available && outage.sinceUs !== undefined) {
      outage.totalUs += nowUs - outage.sinceUs;
      outage.sinceUs = undefined;
    } else if (!available) outage.sinceUs ??= nowUs;
  }

  nodeChanged(name: string, nowUs: Micros): void {
    if (this.#fromUs === undefined || !name.startsWith('broker-')) return;
    for (const record of this.#authority.partitions.values())
      if (brokerNode(record.leader) === name) this.partitionChanged(record, nowUs);
  }

  unavailableUs(partition: string, nowUs: Micros): number {
    const outage = this.#outages.get(partition);
    if (outage === undefined) return 0;
    return outage.totalUs + (outage.sinceUs === undefined ? 0 : nowUs - outage.sinceUs);
  }
}
