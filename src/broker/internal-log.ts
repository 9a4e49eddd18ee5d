import { DiskError } from '../kernel/api.ts';
import { ErrorCode } from '../protocol/errors.ts';
import { encodeBatch } from '../protocol/record-batch.ts';
import type { InternalLog, InternalRecord } from './api.ts';
import { DelayedProduce, type ProduceOwner } from './delayed-produce.ts';
import { loadPartition } from './internal-log-load.ts';
import type { Partition } from './partition.ts';
import type { ReplicaManager } from './replica-manager.ts';
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
    done: (error: number, lastOffset: number) => void,
  ): void {
    const { replicas } = this;
    const replica = replicas.get(this.topic, partition);
    if (replica === undefined) done(replicas.lookupError(this.topic, partition), -1);
    else if (!replica.leads) done(ErrorCode.NOT_LEADER_OR_FOLLOWER, -1);
    else if (replica.isrSize < replica.effectiveMinIsr) done(ErrorCode.NOT_ENOUGH_REPLICAS, -1);
    else {
      appendAll(replicas, replica, encodeBatch({ records }), timeoutMs, done);
      replicas.wakes.settle();
    }
  }

  load(
    partition: number,
    onRecord: (offset: number, record: InternalRecord) => void,
    done: (complete: boolean) => void,
  ): void {
    const replica = this.replicas.get(this.topic, partition);
    if (replica?.leads !== true) done(false);
    else loadPartition(replica, onRecord, done);
  }
}

type Done = (error: number, lastOffset: number) => void;

/** Appends one batch with acks=all. */
function appendAll(
  replicas: ReplicaManager,
  replica: Partition,
  batch: Uint8Array,
  timeoutMs: number,
  done: Done,
): void {
  try {
    const result = replica.append(batch, 'coordinator');
    if (result.kind === 'rejected') {
      done(result.error, -1);
      return;
    }
    const { lastOffset } = result;
    const owner: ProduceOwner = {
      produced: ({ acks }) => done(acks[0]!.error, acks[0]!.error === ErrorCode.NONE ? lastOffset : -1),
    };
    const produce = new DelayedProduce(replicas.context.cause, owner);
    produce.add(replica, lastOffset + 1);
    if (!produce.begin()) replicas.producePurgatory.park(produce, timeoutMs);
  } catch (thrown) {
    if (!(thrown instanceof DiskError)) throw thrown;
    replicas.logDirFailed(replica, thrown);
    done(ErrorCode.KAFKA_STORAGE_ERROR, -1);
  }
}
