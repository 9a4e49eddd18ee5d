import type { EventId } from '../../kernel/api.ts';

/** How a batch ended for its sender; `open`: it has not yet. */
export type SendResult = 'open' | 'acknowledged' | 'failed';

/** A batch of a simulated producer, from its first send on. Its records share its fate until it is split. */
export interface SentBatch {
  readonly client: string;
  readonly partition: string;
  /** Serials of its records, in order. */
  readonly serials: readonly number[];
  acks: number;
  result: SendResult;
  /** Of a failed one. */
  error: string;
  /** Of a failed one: it is certainly not stored. */
  definite: boolean;
  /** Where it was acknowledged to be; -1: not said. */
  ackedOffset: number;
  /** Its first send. */
  sentEvent: EventId;
  /** Its acknowledgement or failure. */
  resultEvent: EventId;
  /** First append of it as leader, and the latest cut of a copy. */
  appendEvent: EventId;
  cutEvent: EventId;
  /** A copy of it was cut off a log. */
  truncated: boolean;
}
