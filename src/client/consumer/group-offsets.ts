import type { CommitIdentity } from './commits.ts';

/** Positions of a consumer that are committed within a transaction (sendOffsetsToTransaction). */
export interface GroupOffsets {
  readonly identity: CommitIdentity;
  readonly offsets: readonly {
    readonly topic: string;
    readonly partition: number;
    readonly offset: number;
    readonly epoch: number;
  }[];
}
