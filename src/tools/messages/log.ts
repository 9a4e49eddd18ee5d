/** The latest messages of a cluster, decoded as they were sent: who listens in keeps what they said in few words, and none of their bytes. */
import type { MessageFate, Micros, NetworkControl, SightedMessage } from '../../kernel/api.ts';
import type { TopicNames } from './kafka/describe.ts';
import { MessageReader } from './reading.ts';
import type { Summary } from './summary.ts';

/** A message that was sent: where, when, what it says, and what has become of it so far. */
export interface LoggedMessage {
  /** Counts them in the order in which they were sent. */
  readonly number: number;
  readonly summary: Summary;
  readonly way: MessageWay;
}

export type MessageWay = Pick<SightedMessage, 'connection' | 'from' | 'to' | 'sentUs' | 'cause' | 'toListener'> & {
  readonly fate: MessageFate;
  readonly fateUs: Micros;
};

/** About 6 MB of them. */
export const MOST_MESSAGES = 16_384;

export class MessageLog {
  readonly most: number;
  #ring: LoggedMessage[] = [];
  #count = 0;
  readonly #reader: MessageReader;

  constructor(network: Pick<NetworkControl, 'listenIn'>, names: TopicNames, most = MOST_MESSAGES) {
    this.most = most;
    this.#reader = new MessageReader(names);
    network.listenIn((message) => this.#sent(message));
  }

  /** How many there were, kept or not. */
  get count(): number {
    return this.#count;
  }

  /** When the first one that is kept was sent; -1 while none was forgotten. */
  get sinceUs(): Micros {
    return this.#count <= this.most ? -1 : this.#ring[this.#count % this.most]!.way.sentUs;
  }

  /** Those that were sent or came to their end within a stretch of world time, in the order in which they were sent. */
  within(fromUs: Micros, toUs: Micros): readonly LoggedMessage[] {
    const found: LoggedMessage[] = [];
    for (let number = Math.max(0, this.#count - this.most); number < this.#count; number++) {
      const message = this.#ring[number % this.most]!;
      const { sentUs, fate, fateUs } = message.way;
      if (sentUs > toUs) break;
      const endUs = fate === 'under way' || fate === 'waiting' || fate === 'held' ? toUs : fateUs;
      if (sentUs >= fromUs || endUs >= fromUs) found.push(message);
    }
    return found;
  }

  #sent(way: SightedMessage): void {
    const summary = this.#reader.read(way);
    if (summary === undefined) return;
    const number = this.#count++;
    const at = number % this.most;
    if (at === this.#ring.length) this.#ring.push({ number, summary, way });
    else this.#ring[at] = { number, summary, way };
  }
}
