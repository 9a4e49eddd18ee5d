import type { Context } from '../kernel/api.ts';
import type { VersionRange } from '../protocol/versions.ts';
import type { Identity, Peer, RpcService, ServerRequest } from '../rpc/api.ts';
import type { Identities } from './security/identities.ts';
import { SaslSession } from './security/sasl/session.ts';
import { serviceUs } from './service-times.ts';

/**
 * Where requests come in. Until the broker serves, they lie unread (their connections are accepted); then each takes its turn on
 * the handler threads.
 */
export class RequestGate implements RpcService {
  private readonly context: Context;
  private readonly offered: ReadonlyMap<number, VersionRange>;
  private readonly dispatch: (request: ServerRequest) => void;
  private readonly identities: Identities;
  private unread: ServerRequest[] | null = [];

  constructor(
    context: Context,
    offered: ReadonlyMap<number, VersionRange>,
    dispatch: (request: ServerRequest) => void,
    identities: Identities,
  ) {
    this.context = context;
    this.offered = offered;
    this.dispatch = dispatch;
    this.identities = identities;
  }

  versionsOf(apiKey: number): VersionRange | undefined {
    return this.offered.get(apiKey);
  }

  identify(connection: Pick<Peer, 'node' | 'connectionId' | 'port'>): Identity {
    return this.identities.at(connection);
  }

  handle(request: ServerRequest): void {
    const { identity } = request.peer;
    if (this.unread !== null) this.unread.push(request);
    else if (!(identity instanceof SaslSession && identity.take(request)))
      this.context.cpu.run(serviceUs(request.api.key), this.dispatch, request);
  }

  open(): void {
    const waiting = this.unread ?? [];
    this.unread = null;
    for (const request of waiting) this.handle(request);
  }
}
