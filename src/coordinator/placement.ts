/**
 * Where the replicas of new partitions go (StripedReplicaPlacer): in turn over the brokers, and over the racks if there
 * are several; fenced brokers only where no other is left. Kafka starts at a random broker; kzsim starts at the first,
 * so that `orders-0` is on [1, 2, 3] and `orders-1` on [2, 3, 1].
 */
/** What placing has to know of a broker. */
export interface PlaceableBroker {
  readonly id: number;
  readonly rack: string | null;
  readonly fenced: boolean;
  readonly inControlledShutdown: boolean;
}

interface Rack {
  readonly unfenced: BrokerRing;
  readonly fenced: BrokerRing;
}

/** Brokers in a circle; each partition begins one further. */
class BrokerRing {
  private readonly ids: readonly number[];
  private start = 0;
  private next = 0;

  constructor(ids: readonly number[]) {
    this.ids = ids;
  }

  get size(): number {
    return this.ids.length;
  }

  take(): number | undefined {
    if (this.next === this.ids.length) return undefined;
    return this.ids[(this.start + this.next++) % this.ids.length];
  }

  turn(): void {
    this.next = 0;
    if (this.ids.length > 0) this.start = (this.start + 1) % this.ids.length;
  }
}

/** Replica lists for `count` partitions, the first of them as partition `firstPartition` of its topic; null if it cannot be done. */
export function placeReplicas(
  brokers: Iterable<PlaceableBroker>,
  { count, firstPartition, replicationFactor }: { count: number; firstPartition: number; replicationFactor: number },
): number[][] | null {
  const racks = groupByRack(brokers);
  let unfenced = 0;
  let usable = 0;
  for (const rack of racks) {
    unfenced += rack.unfenced.size;
    usable += rack.unfenced.size + rack.fenced.size;
  }
  if (unfenced === 0 || replicationFactor > usable) return null;
  const placed: number[][] = [];
  let rackOffset = 0;
  for (let partition = 0; partition < firstPartition + count; partition++) {
    const replicas = placeOne(racks, rackOffset, replicationFactor);
    if (partition >= firstPartition) placed.push(replicas);
    rackOffset = (rackOffset + 1) % racks.length;
    for (const rack of racks) {
      rack.unfenced.turn();
      rack.fenced.turn();
    }
  }
  return placed;
}

function groupByRack(brokers: Iterable<PlaceableBroker>): Rack[] {
  const byName = new Map<string, { unfenced: number[]; fenced: number[] }>();
  for (const broker of brokers) {
    if (broker.inControlledShutdown) continue;
    const name = broker.rack ?? '';
    let rack = byName.get(name);
    if (rack === undefined) {
      rack = { unfenced: [], fenced: [] };
      byName.set(name, rack);
    }
    (broker.fenced ? rack.fenced : rack.unfenced).push(broker.id);
  }
  const ascending = (a: number, b: number) => a - b;
  return [...byName]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { unfenced, fenced }]) => ({
      unfenced: new BrokerRing(unfenced.sort(ascending)),
      fenced: new BrokerRing(fenced.sort(ascending)),
    }));
}

/** A leader that serves, from the first rack that has one; then rack after rack, past the leader's own in the first round. */
function placeOne(racks: readonly Rack[], rackOffset: number, replicationFactor: number): number[] {
  const replicas: number[] = [];
  let leaderRack = -1;
  for (let i = 0; leaderRack < 0; i++) {
    const index = (rackOffset + i) % racks.length;
    const leader = racks[index]!.unfenced.take();
    if (leader === undefined) continue;
    replicas.push(leader);
    leaderRack = index;
  }
  let passLeaderRack = racks.length > 1;
  for (let i = 0; replicas.length < replicationFactor; i++) {
    const index = (rackOffset + i) % racks.length;
    if (index === leaderRack && passLeaderRack) {
      passLeaderRack = false;
      continue;
    }
    const rack = racks[index]!;
    const id = rack.unfenced.take() ?? rack.fenced.take();
    if (id !== undefined) replicas.push(id);
  }
  return replicas;
}
