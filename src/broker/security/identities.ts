import type { Identity } from '../../rpc/api.ts';
import { anonymous } from '../../rpc/identity.ts';
import { REPLICATION_PORT } from '../listeners.ts';

/** Who is known by its node: simulated clients carry their names with them, and the operator may do everything. */
export type Principals = (node: string) => Pick<Identity, 'principal' | 'isTrusted'> | undefined;

/** Brokers and controllers, who come to a port of their own, are trusted. */
const INTER_BROKER = { principal: 'User:broker', isTrusted: true };

export function identityAt(port: string, node: string, principals: Principals | undefined): Identity {
  if (port === REPLICATION_PORT) return { host: node, ...INTER_BROKER };
  const known = principals?.(node);
  return known === undefined ? anonymous(node) : { host: node, ...known };
}
