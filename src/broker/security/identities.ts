import type { ListenerEndpoint } from '../../coordinator/index.ts';
import type { Context } from '../../kernel/api.ts';
import type { Identity, Peer } from '../../rpc/api.ts';
import { anonymous } from '../../rpc/identity.ts';
import { listenerPort, REPLICATION_PORT } from '../listeners.ts';
import { SaslSession, type SaslSettings } from './sasl/session.ts';

/** Who is known by its node: simulated clients carry their names with them, and the operator may do everything. */
export type Principals = (node: string) => Pick<Identity, 'principal' | 'isTrusted'> | undefined;

/** Where real clients come from. */
const LOOPBACK = '127.0.0.1';
/** Brokers and controllers, who come to a port of their own, are trusted. */
const INTER_BROKER = { principal: 'User:broker', isTrusted: true };

export class Identities {
  /** Of SASL listeners. */
  private readonly saslPorts: ReadonlySet<string>;
  private readonly principals: Principals | undefined;
  private readonly context: Context;
  private readonly sasl: SaslSettings;

  constructor(
    context: Context,
    endpoints: readonly ListenerEndpoint[],
    how: { readonly principals: Principals | undefined; readonly sasl: SaslSettings },
  ) {
    const withSasl = endpoints.filter(({ securityProtocol }) => securityProtocol.startsWith('SASL_'));
    this.saslPorts = new Set(withSasl.map(({ name }) => listenerPort(name)));
    this.context = context;
    this.principals = how.principals;
    this.sasl = how.sasl;
  }

  at({ port, node }: Pick<Peer, 'node' | 'port'>): Identity {
    if (port === REPLICATION_PORT) return { host: node, ...INTER_BROKER };
    const known = this.principals?.(node);
    if (known !== undefined) return { host: node, ...known };
    return this.saslPorts.has(port) ? new SaslSession(this.context, this.sasl, LOOPBACK) : anonymous(LOOPBACK);
  }
}
