import type { Session } from '../session.ts';

/** Names that a timeline gives, where there is one. */
export interface Places {
  branches(): readonly string[];
  /** Moments that `snapshot` named. */
  snapshots(): readonly string[];
}

export const NO_PLACES: Places = { branches: () => [], snapshots: () => [] };

/** Where a word stands that is to be completed. */
export interface Place extends Places {
  readonly session: Session;
  /** The part of the line before the word, without what is piped into it. */
  readonly before: string;
  /** As far as it is typed. */
  readonly word: string;
}
