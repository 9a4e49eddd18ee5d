import type { BrokerCoordination } from '../coordinator/index.ts';
import type { Release } from '../protocol/schema.ts';

/** The finalized feature `transaction.version` (KIP-890): 2 in KRaft mode since 4.0; Kafka 3.9 has the first protocol. */
export function transactionVersion({ mode }: Pick<BrokerCoordination, 'mode'>, release: Release): number {
  return mode === 'kraft' && release !== '3.9' ? 2 : 0;
}
