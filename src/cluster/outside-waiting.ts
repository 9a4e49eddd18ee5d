/** The requests of one real client's connection that have no answer yet: told when the connection ends with one of them. */
import type { CloseReason, Context, Micros } from '../kernel/api.ts';
import { apiByKey } from '../protocol/apis/index.ts';
import { outsideEvents } from './outside-events.ts';

/** A client that closes sooner after its request is just done. */
const GAVE_UP_US = 200_000;
/** These are answered when something happens: who closes meanwhile has not been kept waiting. */
const LONG_US = 15_000_000;
const LONG: readonly string[] = ['Fetch', 'JoinGroup', 'SyncGroup', 'ConsumerGroupHeartbeat', 'ShareFetch'];

/** The head of a request: its API's key, its version, its number, the name of who sends it. */
const CLIENT_ID_AT = 8;
const decoder = new TextDecoder();

export class Waiting {
  readonly #context: Context;
  readonly #requests: { readonly apiKey: number; readonly atUs: Micros }[] = [];
  #clientId = '';
  #over = false;

  constructor(context: Context) {
    this.#context = context;
  }

  sent(frame: Uint8Array): void {
    const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
    this.#requests.push({ apiKey: frame.length < 2 ? -1 : view.getInt16(0), atUs: this.#context.nowUs() });
    if (this.#clientId !== '' || frame.length < CLIENT_ID_AT + 2) return;
    const length = view.getInt16(CLIENT_ID_AT);
    const from = CLIENT_ID_AT + 2;
    if (length > 0 && from + length <= frame.length)
      this.#clientId = decoder.decode(frame.subarray(from, from + length));
  }

  /** The oldest one is. */
  answered(): void {
    this.#requests.shift();
  }

  /** The other side, or something between, ended the connection. */
  ended(broker: string, reason: CloseReason): void {
    this.#tell(broker, 'NETWORK_EXCEPTION', reason, 0);
  }

  /** The client did. */
  gaveUp(broker: string): void {
    const api = this.#api();
    this.#tell(broker, 'REQUEST_TIMED_OUT', 'the client gave up', LONG.includes(api) ? LONG_US : GAVE_UP_US);
  }

  #api(): string {
    return apiByKey(this.#requests[0]?.apiKey ?? -1)?.name ?? 'a request';
  }

  #tell(broker: string, error: string, reason: string, fromUs: number): void {
    const [oldest] = this.#requests;
    if (this.#over || oldest === undefined) return;
    this.#over = true;
    const waitedUs = this.#context.nowUs() - oldest.atUs;
    if (waitedUs < fromUs) return;
    const values = [this.#clientId, this.#api(), error, null, broker, Math.round(waitedUs / 1000), reason];
    this.#context.emit(outsideEvents['client-request-unanswered'], values);
  }
}
