import type { ClusterPorts } from '../cluster/cluster.ts';
import { compression } from './compression/index.ts';
import { sha256 } from './digest.ts';
import { hostHashing } from './hashing.ts';

/** All that a cluster needs of the host. */
export const hostPorts: ClusterPorts = { digest: sha256, hashing: hostHashing, compression };
