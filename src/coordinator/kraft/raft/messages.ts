/**
 * What members of the metadata quorum say to each other, as plain values. `wire.ts` of the machine around maps them to
 * Kafka's messages (KRPC of KafkaRaftClient). A node id of −1 (`NO_NODE`) means "none" or "unknown", as on the wire.
 */

export const NO_NODE = -1;

export interface VoteRequest {
  readonly kind: 'vote';
  readonly clusterId: string | null;
  /** The voter that is asked. */
  readonly voterId: number;
  /** The sender's epoch: already raised by a candidate, its present one in a pre-vote. */
  readonly replicaEpoch: number;
  readonly replicaId: number;
  /** Where the sender's log ends. */
  readonly lastEpoch: number;
  readonly lastOffset: number;
  readonly preVote: boolean;
}

/** "I lead this epoch": for voters that have not fetched from the new leader yet. */
export interface BeginQuorumEpochRequest {
  readonly kind: 'begin-quorum-epoch';
  readonly clusterId: string | null;
  readonly voterId: number;
  readonly leaderId: number;
  readonly leaderEpoch: number;
}

/** "I resign": the best successors come first in the list. */
export interface EndQuorumEpochRequest {
  readonly kind: 'end-quorum-epoch';
  readonly clusterId: string | null;
  readonly leaderId: number;
  readonly leaderEpoch: number;
  readonly preferredCandidates: readonly number[];
}

/** A pull; what it asks for is also what the sender has flushed, so it acknowledges everything before. */
export interface FetchRequest {
  readonly kind: 'fetch';
  readonly clusterId: string | null;
  readonly replicaId: number;
  readonly currentLeaderEpoch: number;
  readonly fetchOffset: number;
  readonly lastFetchedEpoch: number;
  readonly maxWaitMs: number;
  /** The high watermark that the sender knows, −1 if none (KIP-1166). */
  readonly highWatermark: number;
}

export type RaftRequest = VoteRequest | BeginQuorumEpochRequest | EndQuorumEpochRequest | FetchRequest;

/** What every response says: who the responder believes leads, and in which epoch. */
interface ResponderView {
  readonly errorCode: number;
  readonly leaderId: number;
  readonly leaderEpoch: number;
}
export interface VoteResponse extends ResponderView {
  readonly kind: 'vote';
  readonly voteGranted: boolean;
}
export interface BeginQuorumEpochResponse extends ResponderView {
  readonly kind: 'begin-quorum-epoch';
}
export interface EndQuorumEpochResponse extends ResponderView {
  readonly kind: 'end-quorum-epoch';
}
export interface FetchResponse extends ResponderView {
  readonly kind: 'fetch';
  /** −1 while the leader has none in its epoch. */
  readonly highWatermark: number;
  /** Where the logs part; then there are no records. */
  readonly diverging: EpochEnd | null;
  /** Whole batches, read by the machine around; null for none. */
  readonly records: Uint8Array | null;
}
export type RaftResponse = VoteResponse | BeginQuorumEpochResponse | EndQuorumEpochResponse | FetchResponse;

/** An epoch and the offset where its records end in some log. */
export interface EpochEnd {
  readonly epoch: number;
  readonly endOffset: number;
}
