import type { BrokerInfo, ListenerEndpoint } from '../coordinator/index.ts';
import type { Peer } from '../rpc/api.ts';

/** Ports of a broker's node: simulated clients come to the first, brokers and controllers to the second. Both serve the same. */
export const CLIENT_PORT = '9092';
export const REPLICATION_PORT = '9091';
const PLAIN_LISTENER = 'PLAINTEXT';

/** The port of a broker's node that one of its listeners stands for: the network of the kernel knows names, not numbers. */
export function listenerPort(listener: string): string {
  return listener === PLAIN_LISTENER ? CLIENT_PORT : listener;
}

/**
 * Where a client is to look for a broker: at the same listener that it asked itself. Null: that broker has no such listener,
 * and to this client it is not there.
 */
export function endpointFor({ endpoints }: BrokerInfo, { port }: Peer): ListenerEndpoint | null {
  if (port === REPLICATION_PORT) return endpoints[0] ?? null;
  return endpoints.find(({ name }) => listenerPort(name) === port) ?? null;
}
