import { Produce } from '../../protocol/apis/00-produce.ts';
import { Fetch, type FetchRequest, type FetchResponse } from '../../protocol/apis/01-fetch.ts';
import type { Api } from '../../protocol/schema.ts';
import type { Peer, ServerRequest } from '../../rpc/api.ts';
import { brokerEvents } from '../events.ts';
import { serviceUs } from '../service-times.ts';
import type { BrokerServices } from '../services.ts';
import type { ClientQuotas } from './client-quotas.ts';
import { type Limited, limitMutations } from './mutations.ts';

/** Api key, version, correlation id and the length of the client id: what stands before a request's body beside the id itself. */
const HEADER_BYTES = 10;

/** A request of somebody who may have quotas: counted when it is answered, as `KafkaApis` does. */
export class CountedRequest implements ServerRequest {
  readonly api: Api;
  readonly version: number;
  readonly correlationId: number;
  readonly body: unknown;
  readonly exclusive: boolean;
  readonly peer: Peer;
  private readonly request: ServerRequest;
  private readonly limited: Limited | undefined;
  private readonly services: BrokerServices;
  private readonly quotas: ClientQuotas;

  constructor(services: BrokerServices, quotas: ClientQuotas, request: ServerRequest) {
    this.api = request.api;
    this.version = request.version;
    this.correlationId = request.correlationId;
    this.limited = limitMutations(services, request, (peer, count, isStrict) =>
      quotas.takeMutations(peer, count, isStrict),
    );
    this.body = this.limited === undefined ? request.body : this.limited.body;
    this.exclusive = request.exclusive;
    this.peer = request.peer;
    this.request = request;
    this.services = services;
    this.quotas = quotas;
  }

  respond(answer: unknown): void {
    const body = this.limited === undefined ? answer : this.limited.complete(answer as never);
    const handledMs = this.countHandling();
    const mutatedMs = this.limited === undefined ? 0 : this.quotas.mutationThrottleMs(this.peer);
    const throttleMs = Math.max(handledMs, mutatedMs, this.countProduced(), this.countFetched(body, handledMs));
    this.throttle(throttleMs);
    if (throttleMs === 0) this.request.respond(body);
    else if (this.api.key === Fetch.key) this.request.respond(this.emptyFetch(body as FetchResponse, throttleMs));
    else this.request.respond(withThrottleTime(body, throttleMs));
  }

  noResponse(): void {
    this.throttle(Math.max(this.countHandling(), this.countProduced()));
    this.request.noResponse();
  }

  close(): void {
    this.request.close();
  }

  /** Of a second of one handler thread, in percent. */
  private countHandling(): number {
    return this.quotas.record('request_percentage', this.peer, (serviceUs(this.api.key) * 100) / 1e6);
  }

  private countProduced(): number {
    const { api, version, body, peer, quotas } = this;
    if (api.key !== Produce.key) return 0;
    const bytes = api.requestCodec(version).size(body) + HEADER_BYTES + peer.clientId.length;
    return quotas.record('producer_byte_rate', peer, bytes);
  }

  /** Records that are not sent after all are not counted. */
  private countFetched(body: unknown, handledMs: number): number {
    const { api, version, peer, quotas } = this;
    if (api.key !== Fetch.key) return 0;
    const bytes = api.responseCodec(version).size(body);
    const throttleMs = quotas.record('consumer_byte_rate', peer, bytes);
    if (throttleMs > 0 || handledMs > 0) quotas.takeBack('consumer_byte_rate', peer, bytes);
    return throttleMs;
  }

  /** A reader without a session yet gets none, and begins anew. */
  private emptyFetch({ sessionId, errorCode }: FetchResponse, throttleTimeMs: number): FetchResponse {
    const { sessionEpoch } = this.body as FetchRequest;
    const known = sessionEpoch > 0 ? sessionId : 0;
    return { throttleTimeMs, errorCode, sessionId: known, responses: [], nodeEndpoints: [] };
  }

  private throttle(throttleMs: number): void {
    if (throttleMs === 0) return;
    const { peer, api, services } = this;
    const { connectionId, node, identity, clientId } = peer;
    const values = [connectionId, node, identity.principal, clientId, api.name, throttleMs];
    services.context.emit(brokerEvents['client-throttled'], values);
    peer.channel.mute(throttleMs * 1000);
  }
}

function withThrottleTime(body: unknown, throttleTimeMs: number): unknown {
  if (typeof body !== 'object' || body === null || !('throttleTimeMs' in body)) return body;
  return { ...body, throttleTimeMs };
}
