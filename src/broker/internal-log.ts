import { encodeBatch } from '../protocol/record-batch.ts';
import type { InternalLog, InternalRecord, InternalTransaction, LoadListener } from './api.ts';
import { loadPartition } from './internal-log-load.ts';
import type { ReplicaManager } from './replica-manager.ts';
import { type Appended, appendMarker, appendReplicated, type MarkerOrder } from './replicated-append.ts';
import type { TopicCreation } from './topic-creation.ts';

/** An internal topic's partitions on this broker, for the coordinator that writes its state there. */
export class ReplicatedInternalLog implements InternalLog {
  private readonly replicas: ReplicaManager;
  private readonly creation: TopicCreation;
  private readonly topic: string;

  constructor(replicas: ReplicaManager, creation: TopicCreation, topic: string) {
    this.replicas = replicas;
    this.creation = creation;
    this.topic = topic;
  }

  partitionCount(): number | undefined {
    const topic = this.replicas.coordination.image.topics.get(this.topic);
    if (topic !== undefined) return topic.partitions.length;
    this.creation.request(this.topic, 'its coordinator needs it');
    return undefined;
  }

  leaderEpoch(partition: number): number | undefined {
    const replica = this.replicas.get(this.topic, partition);
    return replica?.leads === true ? replica.leaderEpoch : undefined;
  }

  append(
    partition: number,
    records: readonly InternalRecord[],
    timeoutMs: number,
    done: Appended,
    within?: InternalTransaction,
  ): void {
    const { topic, replicas } = this;
    if (within === undefined) {
      appendReplicated(replicas, { topic, partition, bytes: encodeBatch({ records }), timeoutMs }, done);
      return;
    }
    const { producerId, producerEpoch, guard } = within;
    const bytes = encodeBatch({ records, producerId, producerEpoch, transactional: true });
    appendReplicated(replicas, { topic, partition, bytes, timeoutMs, transaction: { guard } }, done);
  }

  appendMarker(partition: number, marker: MarkerOrder, timeoutMs: number, done: Appended): void {
    appendMarker(this.replicas, { topic: this.topic, partition, timeoutMs }, marker, done);
  }

  startVerification(...[partition, producer]: Parameters<InternalLog['startVerification']>) {
    return this.replicas.get(this.topic, partition)?.log.startVerification(producer);
  }

  load(partition: number, listener: LoadListener): void {
    const replica = this.replicas.get(this.topic, partition);
    if (replica?.leads !== true) listener.done(false);
    else loadPartition(replica, listener);
  }
}
