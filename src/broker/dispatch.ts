import type { BrokerCoordination } from '../coordinator/index.ts';
import { apis } from '../protocol/apis/index.ts';
import type { Release } from '../protocol/schema.ts';
import type { VersionRange } from '../protocol/versions.ts';
import { MalformedMessage } from '../protocol/wire-error.ts';
import type { ServerRequest } from '../rpc/api.ts';
import { rpcEvents } from '../rpc/events.ts';
import type { InternalTopicCoordinator } from './api.ts';
import { brokerApis } from './apis/index.ts';
import { forwardedApis } from './forward.ts';
import { CountedRequest } from './quotas/counted-request.ts';
import { Asker } from './security/guard.ts';
import { GUARDS } from './security/guards/index.ts';
import type { BrokerServices } from './services.ts';

type Handle = (request: ServerRequest) => void;

/** Which request goes to whom: to the coordination, to the coordinators of internal topics, or to the broker's own handlers. */
export class Dispatch {
  /** What this broker answers, by key, in ascending order. */
  readonly offered = new Map<number, VersionRange>();
  private readonly release: Release;
  private readonly handlers = new Map<number, Handle>();
  private readonly coordination: BrokerCoordination;
  private readonly taken: ReadonlySet<number>;
  private services!: BrokerServices;

  constructor(coordination: BrokerCoordination, release: Release) {
    this.coordination = coordination;
    this.taken = new Set(coordination.handles);
    this.release = release;
  }

  /** Gives every API its handler. The services know `offered`, which is complete afterwards. */
  assemble(services: BrokerServices, coordinators: readonly InternalTopicCoordinator[]): void {
    const { handlers, coordination } = this;
    this.services = services;
    for (const { api, handle } of brokerApis) handlers.set(api.key, (request) => handle(services, request));
    for (const { api, handle } of forwardedApis) {
      if (coordination.forwards(api.key)) handlers.set(api.key, (request) => handle(services, request));
    }
    for (const coordinator of coordinators) {
      for (const { api, handle } of coordinator.handlers) handlers.set(api.key, handle);
    }
    const listener = coordination.mode === 'zookeeper' ? 'zkBroker' : 'broker';
    const { offered } = this;
    for (const api of [...apis].sort((a, b) => a.key - b.key)) {
      const range = api.offered[this.release];
      const answered = this.taken.has(api.key) || (handlers.has(api.key) && api.listeners.includes(listener));
      if (range !== null && answered) offered.set(api.key, range);
    }
  }

  readonly run = (arrived: ServerRequest): void => {
    const { quotas } = this.services;
    const isCounted = !arrived.peer.identity.isTrusted && quotas.any;
    const request = isCounted ? new CountedRequest(this.services, quotas, arrived) : arrived;
    const { authorizer } = this.services;
    if (authorizer !== null && !request.peer.identity.isTrusted) {
      const guard = GUARDS.get(request.api.key);
      if (guard !== undefined) {
        guard.pass(new Asker(this.services, authorizer, request.peer), request, this.serve);
        return;
      }
    }
    this.serve(request);
  };

  /** Bytes inside a request (batches, subscriptions) may be malformed too: that costs the connection, and never the broker. */
  private readonly serve = (request: ServerRequest): void => {
    try {
      this.route(request);
    } catch (thrown) {
      if (!(thrown instanceof MalformedMessage)) throw thrown;
      const { api, version, peer } = request;
      const values = [api.key, version, peer.node, peer.connectionId, `malformed: ${thrown.message}`];
      this.services.context.emit(rpcEvents['request-rejected'], values);
      request.close();
    }
  };

  private route(request: ServerRequest): void {
    const { key } = request.api;
    if (this.taken.has(key) && this.coordination.handle(request)) return;
    const handle = this.handlers.get(key);
    if (handle === undefined) request.close();
    else handle(request);
  }
}
