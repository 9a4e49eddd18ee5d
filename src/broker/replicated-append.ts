import { DiskError } from '../kernel/api.ts';
import { encodeTransactionMarker, type TransactionMarker } from '../protocol/control-batch.ts';
import { ErrorCode } from '../protocol/errors.ts';
import type { TransactionalAppend } from '../storage/api.ts';
import { DelayedProduce, type ProduceOwner } from './delayed-produce.ts';
import { brokerEvents } from './events.ts';
import type { ReplicaManager } from './replica-manager.ts';

/** Called when a batch is committed, or with the Kafka error that kept it from that. */
export type Appended = (error: number, lastOffset: number) => void;

/** A marker that a coordinator has written, with the protocol that it works by. */
export interface MarkerOrder extends TransactionMarker {
  readonly transactionVersion: number;
}

/** A coordinator's batch for one partition. */
export interface CoordinatorBatch {
  readonly topic: string;
  readonly partition: number;
  readonly bytes: Uint8Array;
  readonly timeoutMs: number;
  readonly transaction?: TransactionalAppend | undefined;
}

/** Appends as leader, with acks=all. */
export function appendReplicated(replicas: ReplicaManager, batch: CoordinatorBatch, done: Appended): void {
  const { topic, partition, bytes, timeoutMs, transaction } = batch;
  const replica = replicas.get(topic, partition);
  if (replica === undefined) done(replicas.lookupError(topic, partition), -1);
  else if (!replica.leads) done(ErrorCode.NOT_LEADER_OR_FOLLOWER, -1);
  else if (replica.isrSize < replica.effectiveMinIsr) done(ErrorCode.NOT_ENOUGH_REPLICAS, -1);
  else {
    try {
      const result = replica.append(bytes, 'coordinator', transaction);
      if (result.kind === 'rejected') done(result.error, -1);
      else {
        const { lastOffset } = result;
        const owner: ProduceOwner = {
          produced: ({ acks }) => done(acks[0]!.error, acks[0]!.error === ErrorCode.NONE ? lastOffset : -1),
        };
        const produce = new DelayedProduce(replicas.context.cause, owner);
        produce.add(replica, lastOffset + 1);
        if (!produce.begin()) replicas.producePurgatory.park(produce, timeoutMs);
      }
    } catch (thrown) {
      if (!(thrown instanceof DiskError)) throw thrown;
      replicas.logDirFailed(replica, thrown);
      done(ErrorCode.KAFKA_STORAGE_ERROR, -1);
    }
    replicas.wakes.settle();
  }
}

/** Writes the end of a transaction into one partition, and tells of it. */
export function appendMarker(
  replicas: ReplicaManager,
  place: { readonly topic: string; readonly partition: number; readonly timeoutMs: number },
  marker: MarkerOrder,
  done: Appended,
): void {
  const { transactionVersion, type, producerId, producerEpoch, coordinatorEpoch } = marker;
  const before = replicas.get(place.topic, place.partition)?.log.logEndOffset;
  const bytes = encodeTransactionMarker(marker, replicas.context.wallMs());
  appendReplicated(replicas, { ...place, bytes, transaction: { transactionVersion } }, done);
  const log = replicas.get(place.topic, place.partition)?.log;
  if (log === undefined || before === undefined || log.logEndOffset === before) return;
  const values = [log.name, producerId, producerEpoch, type, before, coordinatorEpoch];
  replicas.context.emit(brokerEvents['transaction-marker-written'], values);
}
