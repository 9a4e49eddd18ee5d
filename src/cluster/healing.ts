/** Ends every fault and brings every node back, until all replicas hold what their leaders hold. */
import type { Cluster } from './cluster.ts';
import { brokerNode } from './options.ts';

/** A node that did not come up (its old session had not ended) is started again after this. */
const RETRY_US = 1_000_000;

/** States in which readers of committed records wait. */
const UNENDED = ['Ongoing', 'PrepareCommit', 'PrepareAbort'];

export class Healing {
  readonly #cluster: Cluster;
  #producersStopped = false;
  #over = false;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** Heals, and has the producers send no more. Clients that were killed stay dead. */
  begin(): void {
    const cluster = this.#cluster;
    cluster.effects.heal('all');
    this.#reviveNodes();
    const runs = (node: string) => cluster.model.nodes.running(node);
    cluster.clients.stopSending(runs, () => {
      this.#producersStopped = true;
    });
  }

  /** Nodes that end from here on stay so. */
  end(): void {
    this.#over = true;
  }

  /** What is missing until all is well; '' when nothing is. */
  whyNot(): string {
    const { model, options } = this.#cluster;
    for (const { id } of options.brokers)
      if (!model.serving.has(brokerNode(id))) return `${brokerNode(id)} does not serve`;
    for (const record of model.authority.partitions.values()) {
      if (record.leader < 0) return `${record.name} has no leader`;
      if (record.isr.length < record.replicas.length) return `the ISR of ${record.name} is [${record.isr.join(', ')}]`;
      const leader = model.replicas.get(record.name, record.leader);
      if (leader === undefined || leader.highWatermark < leader.logEndOffset)
        return `${record.name} has records that are not committed`;
      for (const id of record.replicas)
        if ((model.replicas.get(record.name, id)?.logEndOffset ?? 0) !== leader.logEndOffset)
          return `replica ${id} of ${record.name} does not hold what its leader holds`;
    }
    if (!this.#producersStopped) return 'a producer waits for answers';
    for (const { id, state } of model.transactions.all.values())
      if (UNENDED.includes(state)) return `the transaction of ${id} is ${state}`;
    return '';
  }

  /** Nodes that were stopped or paused run again. */
  #reviveNodes(): void {
    if (this.#over) return;
    const cluster = this.#cluster;
    for (const { name, kind, control } of cluster.nodes.values()) {
      if (control.state === 'paused') control.resume();
      const ended = control.state === 'stopped' || control.state === 'off';
      if (ended && kind !== 'client') cluster.start(name);
    }
    cluster.world.at(cluster.world.nowUs + RETRY_US, () => this.#reviveNodes(), undefined);
  }
}
