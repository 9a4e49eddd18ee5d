import type { Release } from '../protocol/schema.ts';

/** A feature of a cluster (KIP-584): the levels that a release knows, and the level that a new KRaft cluster is formatted with. */
export interface Feature {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly initial: number;
}

export const METADATA_VERSION = 'metadata.version';
export const ELR_VERSION = 'eligible.leader.replicas.version';
export const GROUP_VERSION = 'group.version';
export const TRANSACTION_VERSION = 'transaction.version';
export const KRAFT_VERSION = 'kraft.version';

const feature = (name: string, [min, max]: readonly [number, number], initial: number): Feature => ({
  name,
  min,
  max,
  initial,
});

/** `kraft.version` 0: the quorum is static, as here. */
const kraftVersion = feature(KRAFT_VERSION, [0, 1], 0);

const since40 = (metadataVersion: Feature, elr: number): readonly Feature[] => [
  feature(ELR_VERSION, [0, 1], elr),
  feature(GROUP_VERSION, [0, 1], 1),
  kraftVersion,
  metadataVersion,
  feature(TRANSACTION_VERSION, [0, 2], 2),
];

/**
 * By release, in the order of their names: the production levels of Kafka's `Feature` and `MetadataVersion`. `share.version`
 * (4.1) and `streams.version` (4.2) are left out, since kzsim has neither kind of groups.
 */
export const FEATURES: { readonly [R in Release]: readonly Feature[] } = {
  // 3.0-IV1, the first with KRaft, to 3.9-IV0.
  '3.9': [kraftVersion, feature(METADATA_VERSION, [1, 21], 21)],
  // 3.3-IV3 to 4.0-IV3, 4.1-IV1, 4.2-IV1.
  '4.0': since40(feature(METADATA_VERSION, [7, 25], 25), 0),
  '4.1': since40(feature(METADATA_VERSION, [7, 27], 27), 1),
  '4.2': since40(feature(METADATA_VERSION, [7, 29], 29), 1),
};
