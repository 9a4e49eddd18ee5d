/**
 * Contracts inside a broker: what an API handler is given, and what the coordinators of groups and of transactions ask of the
 * replicas of their internal topics.
 */
import type { Api } from '../protocol/schema.ts';
import type { ServerRequest } from '../rpc/api.ts';
import type { VerificationGuard, VerifiedProducer } from '../storage/verification.ts';
import type { Appended, MarkerOrder } from './replicated-append.ts';

/** One API of a broker: one file in `apis/`, one line in `apis/index.ts`. `services` is what the broker made at its start. */
export interface ApiHandler<Services> {
  readonly api: Api;
  handle(services: Services, request: ServerRequest): void;
}

export interface InternalRecord {
  readonly key: Uint8Array;
  /** Null: a tombstone. */
  readonly value: Uint8Array | null;
  readonly timestampMs: number;
}

/** The transaction that records are part of: they count when its marker says so. */
export interface InternalTransaction {
  readonly producerId: number;
  readonly producerEpoch: number;
  /** Undefined where the log knows that the transaction is open. */
  readonly guard: VerificationGuard | undefined;
}

/** Who reads a partition of an internal topic from its start to its end. */
export interface LoadListener {
  /** `producerId` -1: the record is not part of a transaction. */
  onRecord(offset: number, record: InternalRecord, producerId: number): void;
  /** A transaction ended here. */
  onMarker(producerId: number, committed: boolean): void;
  /** False: leadership went meanwhile. */
  done(complete: boolean): void;
}

/** An internal topic as its coordinator sees it on this broker. */
export interface InternalLog {
  /** Partitions of the topic; undefined while it does not exist. Asking makes the broker create it (through the controller). */
  partitionCount(): number | undefined;
  /** Leader epoch if this broker leads the partition, else undefined. */
  leaderEpoch(partition: number): number | undefined;
  /** Appends one batch as leader; calls back when it is committed (acks=all), or with the Kafka error that kept it from that. */
  append(
    partition: number,
    records: readonly InternalRecord[],
    timeoutMs: number,
    done: Appended,
    within?: InternalTransaction,
  ): void;
  /** Writes the end of a transaction. */
  appendMarker(partition: number, marker: MarkerOrder, timeoutMs: number, done: Appended): void;
  /** Before a transaction's coordinator is asked; undefined if the transaction is known here. */
  startVerification(partition: number, producer: VerifiedProducer): VerificationGuard | undefined;
  /** Reads the whole partition in order, up to the log end at the time of the call, in slices over the broker's CPU. */
  load(partition: number, listener: LoadListener): void;
}

/** A coordinator of an internal topic, told about leadership by its broker. */
export interface InternalTopicCoordinator {
  readonly topic: string;
  /** This broker became leader of the partition in a new leader epoch: load it. */
  onElected(partition: number, leaderEpoch: number): void;
  /** It is not the leader any more: forget the partition's state, and answer what waits with NOT_COORDINATOR. */
  onResigned(partition: number, leaderEpoch: number | undefined): void;
  /** A topic was deleted: its offsets go. */
  onTopicsDeleted(topics: readonly string[]): void;
  /** Writes the end of a transaction into a partition of its topic, where it has to know of that. */
  writeMarker?(partition: number, marker: MarkerOrder, timeoutMs: number, done: (error: number) => void): void;
  /** APIs that it handles, with their handlers; spliced into the broker's table. */
  readonly handlers: readonly { readonly api: Api; handle(request: ServerRequest): void }[];
}
