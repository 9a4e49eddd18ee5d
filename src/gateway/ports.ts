import type { ClusterPorts } from '../cluster/cluster.ts';
import { replaceCrc32c } from '../protocol/crc32c.ts';
import { compression } from './compression/index.ts';
import { hostCrc32c } from './crc32c.ts';
import { sha256 } from './digest.ts';
import { hostHashing } from './hashing.ts';

replaceCrc32c(hostCrc32c);

/** All that a cluster needs of the host. */
export const hostPorts: ClusterPorts = { digest: sha256, hashing: hostHashing, compression };
