import type { EventKind, FieldValue } from '../../kernel/api.ts';
import type { InternalTransaction } from '../api.ts';
import type { MarkerOrder } from '../replicated-append.ts';
import type { ClassicGroup, TimerSlot } from './classic-group.ts';
import type { GroupRecord } from './group-records.ts';
import type { AppliedOffset } from './group-state.ts';
import type { Ticket } from './ticket.ts';
import type { TopicLookup } from './topic-lookup.ts';

/** What a step of the coordinator wants done to the world. The machine does it, in this order. */
export type Effect =
  | { readonly kind: 'answer'; readonly ticket: Ticket; readonly body: unknown }
  /** Answered when everything written before is committed; with `refusal` when the coordinator goes first. */
  | { readonly kind: 'answer-in-order'; readonly ticket: Ticket; readonly body: unknown; readonly refusal: unknown }
  /** A step of its own, when everything written before is committed or failed; NOT_COORDINATOR when the coordinator goes first. */
  | { readonly kind: 'after-writes'; readonly then: WriteDone }
  | {
      readonly kind: 'write';
      readonly records: readonly GroupRecord[];
      readonly done: WriteDone;
      /** A step of its own, when the records became part of what is stored: before `done`, or later where that was late. */
      readonly applied: () => void;
      /** Undefined: they count as soon as they are committed. */
      readonly within?: InternalTransaction | undefined;
    }
  /** The end of a transaction in this partition. */
  | {
      readonly kind: 'write-marker';
      readonly order: MarkerOrder;
      readonly timeoutMs: number;
      readonly done: WriteDone;
      readonly applied: (offsets: readonly AppliedOffset[]) => void;
    }
  /** Replaces what was armed in the slot before. */
  | { readonly kind: 'arm'; readonly slot: TimerSlot; readonly delayMs: number; readonly alarm: Alarm }
  | { readonly kind: 'disarm'; readonly slot: TimerSlot }
  | { readonly kind: 'tell'; readonly event: EventKind; readonly values: readonly FieldValue[] };

/**
 * A step of its own, when the records are committed and applied, or with the log's error. Nothing is applied then. But after
 * REQUEST_TIMED_OUT the records are in the log all the same: they may yet be committed, and the next coordinator may find them.
 */
export type WriteDone = (error: number) => void;

/** What a timer is for. */
export type Alarm =
  /** A member, or an id that was handed out, was not heard of in time. */
  | { readonly kind: 'session'; readonly group: ClassicGroup; readonly memberId: string }
  /** An empty group has waited for more members; `remainingMs` may still be spent on waiting. */
  | {
      readonly kind: 'initial-delay';
      readonly group: ClassicGroup;
      readonly delayMs: number;
      readonly remainingMs: number;
    }
  /** A rebalance has waited long enough for its members. */
  | { readonly kind: 'join'; readonly group: ClassicGroup }
  /** A member of a consumer group was not heard of in time. */
  | { readonly kind: 'consumer-session'; readonly groupId: string; readonly memberId: string }
  /** It has not given back in time what it must; `epoch` is the one that it had then. */
  | {
      readonly kind: 'consumer-rebalance';
      readonly groupId: string;
      readonly memberId: string;
      readonly epoch: number;
    }
  /** A consumer group's regular expressions are to be resolved. */
  | { readonly kind: 'consumer-regex'; readonly groupId: string; readonly lookup: TopicLookup }
  /** A generation has waited long enough for SyncGroup of all its members. */
  | { readonly kind: 'sync'; readonly group: ClassicGroup; readonly generation: number };
