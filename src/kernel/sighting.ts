import type { EventId, MessageFate, Micros, SightedMessage } from './api.ts';
import type { ConnectionEnd } from './connection.ts';

/** A message on its way, wrapped for those who listen in: it tells what becomes of it, and is unwrapped where it arrives. */
export class Sighting implements SightedMessage {
  readonly connection: number;
  readonly port: string;
  readonly from: string;
  readonly to: string;
  readonly toListener: boolean;
  readonly sentUs: Micros;
  readonly cause: EventId;
  message: unknown;
  fate: MessageFate = 'under way';
  fateUs: Micros;

  constructor(end: ConnectionEnd, message: unknown, nowUs: Micros, cause: EventId) {
    this.connection = end.id;
    this.port = end.port;
    this.from = end.link.from;
    this.to = end.link.to;
    this.toListener = end.initiator;
    this.sentUs = nowUs;
    this.cause = cause;
    this.message = message;
    this.fateUs = nowUs;
  }

  become(fate: MessageFate, atUs: Micros): void {
    this.fate = fate;
    this.fateUs = atUs;
  }

  /** Its end: nobody is to keep what it said because somebody listens in. */
  conclude(fate: 'arrived' | 'lost', atUs: Micros): unknown {
    const { message } = this;
    this.become(fate, atUs);
    this.message = undefined;
    return message;
  }
}
