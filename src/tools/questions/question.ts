import type { Place } from '../completion/places.ts';
import type { Reply, Session } from '../session.ts';

/** A line that the prompt answers itself: it asks about the cluster, and changes nothing in it. One file each. */
export interface Question {
  readonly name: string;
  readonly usage: string;
  readonly about: string;
  /** As one types it, for its help. */
  readonly examples?: readonly string[];
  /** It does something to the cluster after all. */
  readonly acts?: true;
  /** What could stand behind it, for completion. */
  readonly completes?: (place: Place) => readonly string[];
  /** Answers at once, or undefined, and calls `done` in a later event. */
  answer(session: Session, rest: string, done: (reply: Reply) => void): Reply | undefined;
}

export const answered = (...lines: readonly string[]): Reply => ({ ok: true, lines });
export const refused = (line: string): Reply => ({ ok: false, lines: [line] });
