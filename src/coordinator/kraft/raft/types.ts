/** The border of the Raft machine: its settings, what it sees of the log, what it is told, what it wants done. */
import type { EpochEnd, FetchResponse, RaftRequest, RaftResponse } from './messages.ts';

/**
 * Settings of one member, in milliseconds. Invariants: 1. `voters` is sorted, without duplicates. 2. A node whose id is
 * not among them is an observer.
 */
export interface RaftConfig {
  readonly nodeId: number;
  readonly clusterId: string | null;
  /** `controller.quorum.voters`: a static voter set (kraft.version 0). */
  readonly voters: readonly number[];
  /** `controller.quorum.election.timeout.ms`: time-outs are drawn from [this, twice this). */
  readonly electionTimeoutMs: number;
  /** `controller.quorum.fetch.timeout.ms`: a follower's patience; a leader's is one and a half times this. */
  readonly fetchTimeoutMs: number;
  /** `controller.quorum.election.backoff.max.ms`: how long the worst successor waits after a resignation. */
  readonly electionBackoffMaxMs: number;
  /** `controller.quorum.retry.backoff.ms` */
  readonly retryBackoffMs: number;
  /** How long a leader may hold a fetch that finds nothing. */
  readonly fetchMaxWaitMs: number;
}

/** What Raft sees of the log. It is read anew in every step. */
export interface RaftLogView {
  readonly startOffset: number;
  readonly endOffset: number;
  /** Epoch of the last record; 0 for an empty log. */
  readonly lastEpoch: number;
  /** The largest epoch of the log that is not above `epoch`, and where it ends; epoch 0 at the start if there is none. */
  endOffsetForEpoch(epoch: number): EpochEnd;
}

/** What `quorum-state` holds. It is durable before anybody hears of it. */
export interface ElectionState {
  readonly leaderId: number;
  readonly leaderEpoch: number;
  readonly votedId: number;
}

/** Whoever waits for an answer. Raft passes it through, and leaves the answering to the machine. */
export interface Asker {
  respond(body: unknown): void;
}

/**
 * One thing that happened. Every input carries the time and one fresh integer of chance, for those that draw a time-out.
 * After an effect that writes (`append`, `append-leader-change`, `flush`, `truncate`) its completion is the next input.
 */
export type RaftInput =
  | { readonly kind: 'start'; readonly stored: ElectionState | null }
  | { readonly kind: 'request'; readonly asker: Asker; readonly request: RaftRequest }
  | { readonly kind: 'response'; readonly requestId: number; readonly response: RaftResponse }
  /** No response will come: the connection broke, or time ran out. */
  | { readonly kind: 'request-failed'; readonly requestId: number }
  /** The moment that `wakeAtMs` named has come. */
  | { readonly kind: 'timer' }
  /** The leader's machine has records ready for its epoch. */
  | { readonly kind: 'append'; readonly epoch: number; readonly records: Uint8Array }
  /** The log has grown; its end is in the view. */
  | { readonly kind: 'appended' }
  /** Everything below this offset is on the platter. */
  | { readonly kind: 'flushed'; readonly endOffset: number }
  | { readonly kind: 'truncated' }
  /** The controller gives up the leadership of this epoch. */
  | { readonly kind: 'resign'; readonly epoch: number }
  | { readonly kind: 'shutdown' };

/** Why a leader resigned. */
export type ResignCause = 'check-quorum' | 'controller' | 'shutdown' | 'restart';

export type RoleKind = 'unattached' | 'prospective' | 'candidate' | 'leader' | 'follower' | 'resigned';

/**
 * One thing to do. Effects are carried out in order; one that writes is finished before the next begins, and no other
 * input comes in between, as with the single I/O thread of KafkaRaftClient.
 */
export type RaftEffect =
  | { readonly kind: 'persist'; readonly state: ElectionState }
  | { readonly kind: 'send'; readonly requestId: number; readonly to: number; readonly request: RaftRequest }
  | { readonly kind: 'respond'; readonly asker: Asker; readonly response: RaftResponse }
  /** As `respond`, with whole batches from this offset to the end of the log put in. */
  | {
      readonly kind: 'respond-with-records';
      readonly asker: Asker;
      readonly response: FetchResponse;
      readonly fromOffset: number;
    }
  | { readonly kind: 'append'; readonly records: Uint8Array }
  /** The first record of an epoch, a control batch of its own. */
  | {
      readonly kind: 'append-leader-change';
      readonly epoch: number;
      readonly voters: readonly number[];
      readonly grantingVoters: readonly number[];
    }
  /** Records came for an epoch that this node does not lead. */
  | { readonly kind: 'refuse-append'; readonly epoch: number }
  | { readonly kind: 'flush' }
  | { readonly kind: 'truncate'; readonly toOffset: number }
  | { readonly kind: 'high-watermark'; readonly offset: number }
  | {
      readonly kind: 'role-changed';
      readonly role: RoleKind;
      readonly epoch: number;
      readonly leaderId: number;
      readonly resignCause: ResignCause | null;
    }
  | { readonly kind: 'shutdown-complete' }
  /** The log contradicts the quorum (a disk was lost, or lies). The process must end. */
  | { readonly kind: 'fatal'; readonly reason: string };
