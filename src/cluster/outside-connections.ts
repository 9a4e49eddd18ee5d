/**
 * What real clients' connections are busy with: kept for whoever looks, where requests come in and answers leave. It is no part of the world: nothing in
 * there depends on it, and no event tells of it.
 */
import type { Micros, Trace } from '../kernel/api.ts';
import { kernelEvents } from '../kernel/events.ts';
import { ErrorCode, errorName } from '../protocol/errors.ts';
import type { ServerRequest } from '../rpc/api.ts';
import { topErrorOf } from '../rpc/messages.ts';

/** A request that was taken in and has no answer yet. */
export interface OutsideRequest {
  readonly request: ServerRequest;
  readonly atUs: Micros;
}

export interface OutsideConnectionRecord {
  readonly id: number;
  readonly broker: string;
  /** The listener that it came to, by the name of its port. */
  readonly port: string;
  /** The latest of them says who it is. */
  peer: ServerRequest['peer'];
  requests: number;
  /** Answers with an error at their top, and the latest of them. */
  errors: number;
  lastError: string | null;
  /** Name and version of the API that was asked last. */
  lastApi: string;
  lastUs: Micros;
  /** The oldest first; a broker works on one of them at a time. */
  readonly inFlight: OutsideRequest[];
}

export class OutsideConnections {
  readonly all = new Map<number, OutsideConnectionRecord>();

  constructor(trace: Trace) {
    trace.subscribe([kernelEvents['connection-closed']], ({ values }) => void this.all.delete(values[0] as number));
  }

  asked(broker: string, atUs: Micros, request: ServerRequest): void {
    const { api, version, peer } = request;
    let record = this.all.get(peer.connectionId);
    if (record === undefined) {
      const { connectionId: id, port } = peer;
      record = {
        id,
        broker,
        port,
        peer,
        requests: 0,
        errors: 0,
        lastError: null,
        lastApi: '',
        lastUs: atUs,
        inFlight: [],
      };
      this.all.set(id, record);
    }
    record.peer = peer;
    record.requests += 1;
    record.lastApi = `${api.name} v${version}`;
    record.lastUs = atUs;
    record.inFlight.push({ request, atUs });
  }

  answered({ api, version, peer }: ServerRequest, body: unknown): void {
    const record = this.all.get(peer.connectionId);
    const error = topErrorOf(api, version, body) ?? ErrorCode.NONE;
    // A first join is answered so, and nothing is wrong (KIP-394).
    if (record === undefined || error === ErrorCode.NONE || error === ErrorCode.MEMBER_ID_REQUIRED) return;
    record.errors += 1;
    record.lastError = errorName(error);
  }

  /** With an answer or without one. */
  ended(request: ServerRequest): void {
    const inFlight = this.all.get(request.peer.connectionId)?.inFlight;
    const at = inFlight?.findIndex((other) => other.request === request) ?? -1;
    if (at >= 0) inFlight!.splice(at, 1);
  }
}
