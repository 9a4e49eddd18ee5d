import type { EventId } from '../kernel/api.ts';
import { fail } from '../kernel/assert.ts';
import type { Api } from '../protocol/schema.ts';
import type { Interception, Peer, ServerRequest } from './api.ts';
import type { Arrival, Form } from './messages.ts';

export type Ending = 'respond' | 'noResponse' | 'close';

/** Whom a call tells how it ended. */
export interface CallOwner {
  ended(call: ServerCall, ending: Ending, body: unknown): void;
}

/** One request on its way through a server. */
export class ServerCall implements ServerRequest {
  readonly api: Api;
  readonly version: number;
  readonly correlationId: number;
  readonly body: unknown;
  readonly peer: Peer;
  readonly form: Form;
  interception: Interception | null = null;
  /** Its `request-received` event: what the handler does is caused by it. */
  readonly event: EventId;
  /** ApiVersions in a version that is not offered: the server answers by itself. */
  readonly versionUnknown: boolean;
  private readonly owner: CallOwner;
  private isEnded = false;

  constructor(
    owner: CallOwner,
    api: Api,
    arrival: Arrival,
    body: unknown,
    peer: Peer,
    event: EventId,
    versionUnknown: boolean,
  ) {
    this.owner = owner;
    this.api = api;
    this.version = versionUnknown ? 0 : arrival.version;
    this.correlationId = arrival.correlationId;
    this.body = body;
    this.peer = peer;
    this.form = arrival.form;
    this.event = event;
    this.versionUnknown = versionUnknown;
  }

  get exclusive(): boolean {
    return this.form === 'frame';
  }

  respond(body: unknown): void {
    this.end('respond', body);
  }

  noResponse(): void {
    this.end('noResponse', null);
  }

  close(): void {
    this.end('close', null);
  }

  private end(ending: Ending, body: unknown): void {
    if (this.isEnded) fail(`a ${this.api.name} request was ended twice`);
    this.isEnded = true;
    this.owner.ended(this, ending, body);
  }
}
