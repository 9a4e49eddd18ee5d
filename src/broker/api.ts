/**
 * Contracts inside a broker: what an API handler is given, and what the group coordinator (later the transaction coordinator)
 * asks of the replicas of its internal topic.
 */
import type { Api } from '../protocol/schema.ts';
import type { ServerRequest } from '../rpc/api.ts';

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
    done: (error: number, lastOffset: number) => void,
  ): void;
  /**
   * Reads the whole partition in order, up to the log end at the time of the call, in slices over the broker's CPU; then `done(true)`,
   * or `done(false)` when leadership went meanwhile.
   */
  load(
    partition: number,
    onRecord: (offset: number, record: InternalRecord) => void,
    done: (complete: boolean) => void,
  ): void;
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
  /** APIs that it handles, with their handlers; spliced into the broker's table. */
  readonly handlers: readonly { readonly api: Api; handle(request: ServerRequest): void }[];
}
