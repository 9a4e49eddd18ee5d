import type { BrokerIdentity } from '../../src/coordinator/index.ts';

/** A broker with one plain listener. */
export function identityOf(id: number, host: string, port: number, rack: string | null = null): BrokerIdentity {
  const endpoint = { name: 'PLAINTEXT', securityProtocol: 'PLAINTEXT', host, port } as const;
  return { id, node: `broker-${id}`, endpoints: [endpoint], rack };
}
