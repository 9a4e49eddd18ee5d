import type { Release } from '../protocol/schema.ts';
import type { RpcSettings } from '../rpc/api.ts';
import { javaAbs, javaHash } from './java-hash.ts';
import type { Partition } from './partition.ts';
import { ReplicaFetcher } from './replica-fetcher.ts';
import type { ReplicaManager } from './replica-manager.ts';

/** How followers reach leaders. */
export interface FetcherSettings {
  readonly release: Release;
  readonly rpc: RpcSettings;
  /** Name of the port at which brokers serve each other. */
  readonly port: string;
}

/** The fetchers of one broker: one for each leader and fetcher id, made when needed (Kafka's `ReplicaFetcherManager`). */
export class FetcherManager {
  private readonly manager: ReplicaManager;
  private readonly settings: FetcherSettings;
  private readonly fetchers = new Map<string, ReplicaFetcher>();
  private readonly byPartition = new Map<Partition, ReplicaFetcher>();
  /** Fetchers that were given something since `start`. */
  private readonly touched: ReplicaFetcher[] = [];

  constructor(manager: ReplicaManager, settings: FetcherSettings) {
    this.manager = manager;
    this.settings = settings;
  }

  /** Begins to fetch from the partition's leader; `start` sets it going. */
  add(partition: Partition): void {
    const leader = this.manager.coordination.image.brokers.get(partition.leader);
    if (leader === undefined || leader.id === this.manager.brokerId) return;
    const hash = Math.imul(31, javaHash(partition.topic)) + partition.index;
    const fetcherId = javaAbs(hash | 0) % this.manager.settings.numReplicaFetchers;
    const key = `${leader.id}/${fetcherId}`;
    let fetcher = this.fetchers.get(key);
    if (fetcher !== undefined && (fetcher.ended || fetcher.node !== leader.node)) {
      fetcher.end();
      fetcher = undefined;
    }
    if (fetcher === undefined) {
      fetcher = new ReplicaFetcher(this.manager, this.settings, leader);
      this.fetchers.set(key, fetcher);
    }
    fetcher.add(partition);
    this.byPartition.set(partition, fetcher);
    this.touched.push(fetcher);
  }

  remove(partition: Partition): void {
    this.byPartition.get(partition)?.remove(partition);
    this.byPartition.delete(partition);
  }

  /** Sets going what was added, all together; fetchers with nothing left end. */
  start(): void {
    for (const fetcher of this.touched) fetcher.run();
    this.touched.length = 0;
    for (const [key, fetcher] of this.fetchers) {
      if (fetcher.size > 0) continue;
      fetcher.end();
      this.fetchers.delete(key);
    }
  }

  end(): void {
    for (const fetcher of this.fetchers.values()) fetcher.end();
    this.fetchers.clear();
    this.byPartition.clear();
  }
}
