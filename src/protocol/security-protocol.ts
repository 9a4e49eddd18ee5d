/** How a listener speaks (Kafka's SecurityProtocol). */
export type SecurityProtocol = 'PLAINTEXT' | 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL';

const IDS: Readonly<Record<SecurityProtocol, number>> = { PLAINTEXT: 0, SSL: 1, SASL_PLAINTEXT: 2, SASL_SSL: 3 };

/** Its number in registrations. */
export function securityProtocolId(protocol: SecurityProtocol): number {
  return IDS[protocol];
}

/** Undefined: no such number. */
export function securityProtocolOf(id: number): SecurityProtocol | undefined {
  for (const protocol of ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'] as const)
    if (IDS[protocol] === id) return protocol;
  return undefined;
}

/** Undefined: no such name. */
export function securityProtocolNamed(name: string): SecurityProtocol | undefined {
  return name in IDS ? (name as SecurityProtocol) : undefined;
}
