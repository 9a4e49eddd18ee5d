import type { MetadataImage } from '../coordinator/index.ts';

/** The finalized feature `transaction.version` (KIP-890): with 2, every transaction has an epoch of its own. ZooKeeper mode has none. */
export function transactionVersion({ features }: Pick<MetadataImage, 'features'>): number {
  return features.get('transaction.version') ?? 0;
}
