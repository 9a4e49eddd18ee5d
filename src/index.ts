/** The library: see README.md. */
export { Cluster } from './cluster/cluster.ts';
