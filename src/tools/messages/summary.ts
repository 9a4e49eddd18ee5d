/** What a message says, in a few words. */

/** A request awaits its answer, a notice awaits none (a Zab packet, a watch event). */
export type MessageRole = 'request' | 'response' | 'notice';

export interface Summary {
  /** `Fetch`, `PROPOSAL`, `getData`: what people filter by. */
  readonly name: string;
  readonly role: MessageRole;
  /** What stands behind the name: `orders-0 offset=120 epoch=3`. */
  readonly text: string;
  /** Pairs a response with its request on one connection; null where nothing does. */
  readonly correlation: number | null;
  /** Nothing came of it: a heartbeat, a fetch without records. */
  readonly idle: boolean;
  /** It says that something failed. */
  readonly bad: boolean;
}

/** What an API's describer says of one body. */
export interface Told {
  readonly text: string;
  readonly idle?: boolean;
  /** A code of Kafka's; 0 is none. */
  readonly error?: number;
}

/** Longest text of a summary that is kept. */
export const MOST_LETTERS = 160;

/** `Fetch orders-0 offset=120 epoch=3`, `Fetch: nothing new`. */
export function fullText({ name, role, text }: Pick<Summary, 'name' | 'role' | 'text'>): string {
  if (role === 'response') return text === '' ? `${name}: ok` : `${name}: ${text}`;
  return text === '' ? name : `${name} ${text}`;
}
