import {
  BATCH_HEADER_SIZE,
  baseSequence,
  HEADER,
  isTransactional,
  producerEpoch,
  producerId,
} from '../protocol/batch-header.ts';
import { isSafeInt64 } from '../protocol/big-endian.ts';
import { ErrorCode } from '../protocol/errors.ts';
import type { VerificationGuard } from '../storage/verification.ts';
import type { BrokerServices } from './services.ts';
import type { VerificationErrors } from './transaction-verifier.ts';
import { named, partitionName, type TopicPartition } from './transactions/transaction-log.ts';

const FIRST_WITH_ABORTABLE = 11;
const FIRST_ADDING_PARTITIONS = 12;

/** A transactional batch of a produce request. */
export interface TransactionalBatch extends TopicPartition {
  readonly records: Uint8Array;
}

/** What the transaction's coordinator made of the partitions, by their names. */
export interface Verified {
  readonly guards: ReadonlyMap<string, VerificationGuard>;
  /** For the producer. */
  readonly errors: VerificationErrors;
}

export const NOTHING_TO_VERIFY: Verified = { guards: new Map(), errors: new Map() };

export function isOfTransaction(records: Uint8Array | null): records is Uint8Array {
  return (
    records !== null &&
    records.length >= BATCH_HEADER_SIZE &&
    isTransactional(records, 0) &&
    // Of one that says nonsense the log itself will have something to say.
    isSafeInt64(records, HEADER.producerId)
  );
}

/**
 * Before the first batch of a transaction is written to a partition, its coordinator is asked whether the partition takes part;
 * by the second protocol (Produce from version 12 on) the asking makes it take part, which a coordinator that is still busy with
 * the transaction before may refuse for a moment (KIP-890; Kafka's `ReplicaManager.handleProduceAppend`).
 */
export function verifyTransaction(
  services: BrokerServices,
  request: { readonly version: number; readonly transactionalId: string },
  batches: readonly TransactionalBatch[],
  done: (verified: Verified) => void,
): void {
  const adds = request.version >= FIRST_ADDING_PARTITIONS;
  const startedUs = services.context.nowUs();
  const ask = (): void => {
    const guards = startVerification(services, batches, adds);
    if (guards.size === 0) {
      done(NOTHING_TO_VERIFY);
      return;
    }
    const asked = batches.filter((batch) => guards.has(partitionName(batch)));
    const { records } = asked[0]!;
    const verification = {
      transactionalId: request.transactionalId,
      producerId: producerId(records, 0),
      producerEpoch: producerEpoch(records, 0),
      partitions: named(asked.map(({ topic, partition }) => ({ topic, partition }))),
      adds,
      knowsAbortable: request.version >= FIRST_WITH_ABORTABLE,
    };
    services.verifier.ask(verification, (errors) => {
      const busy = [...errors.values()].includes(ErrorCode.CONCURRENT_TRANSACTIONS);
      if (adds && busy && mayRetry(services, startedUs)) services.context.after(retryUs(services), ask, undefined);
      else done({ guards, errors: translated(errors, adds) });
    });
  };
  ask();
}

/** Of different producers in one request Kafka takes none. */
export function hasManyProducers(batches: readonly TransactionalBatch[]): boolean {
  const first = batches[0]?.records;
  return batches.some(
    ({ records }) =>
      producerId(records, 0) !== producerId(first!, 0) || producerEpoch(records, 0) !== producerEpoch(first!, 0),
  );
}

function startVerification(
  { replicas }: BrokerServices,
  batches: readonly TransactionalBatch[],
  bumpsEpoch: boolean,
): Map<string, VerificationGuard> {
  const guards = new Map<string, VerificationGuard>();
  for (const { topic, partition, records } of batches) {
    const replica = replicas.get(topic, partition);
    const guard = replica?.leads
      ? replica.log.startVerification({
          producerId: producerId(records, 0),
          producerEpoch: producerEpoch(records, 0),
          baseSequence: baseSequence(records, 0),
          bumpsEpoch,
        })
      : undefined;
    if (guard !== undefined) guards.set(partitionName({ topic, partition }), guard);
  }
  return guards;
}

function mayRetry({ config, context }: BrokerServices, startedUs: number): boolean {
  const limitMs = config.number('add.partitions.to.txn.retry.backoff.max.ms');
  return context.nowUs() - startedUs < limitMs * 1000;
}

function retryUs({ config }: BrokerServices): number {
  return config.number('add.partitions.to.txn.retry.backoff.ms') * 1000;
}

/** Clients try NOT_ENOUGH_REPLICAS again without asking for new metadata, whatever their age. */
function translated(errors: VerificationErrors, adds: boolean): VerificationErrors {
  return new Map([...errors].map(([name, error]) => [name, forProducer(error, adds)]));
}

function forProducer(error: number, adds: boolean): number {
  switch (error) {
    case ErrorCode.NETWORK_EXCEPTION:
    case ErrorCode.COORDINATOR_LOAD_IN_PROGRESS:
    case ErrorCode.COORDINATOR_NOT_AVAILABLE:
    case ErrorCode.NOT_COORDINATOR:
      return ErrorCode.NOT_ENOUGH_REPLICAS;
    case ErrorCode.CONCURRENT_TRANSACTIONS:
      return adds ? error : ErrorCode.NOT_ENOUGH_REPLICAS;
    default:
      return error;
  }
}
