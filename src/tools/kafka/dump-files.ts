/** Which files of the simulated disks a line means, and what they hold. */
import type { Cluster } from '../../cluster/cluster.ts';
import { nearest } from '../../config/nearest.ts';
import { DiskError } from '../../kernel/api.ts';
import { PlainError } from './failure.ts';

export interface DiskPath {
  readonly node: string;
  /** On its disk. */
  readonly path: string;
}

const NO_BYTES = new Uint8Array(0);

/** `/broker-1/orders-0/00000000000000000000.log`. */
export const writtenPath = ({ node, path }: DiskPath): string => `/${node}/${path}`;

/** Throws `PlainError` for a node that there is not. */
export function readPath(cluster: Cluster, text: string, broker: string | undefined): DiskPath {
  const parts = text
    .replace(/^file:\/\//, '')
    .split('/')
    .filter((part) => part !== '' && part !== '.');
  const first = (parts[0] ?? '').replace(/:$/, '');
  if (cluster.nodes.has(first)) return { node: first, path: parts.slice(1).join('/') };
  if (broker !== undefined) return { node: nodeNamed(cluster, broker), path: parts.join('/') };
  const meant = nearest(first, cluster.nodes.keys());
  throw new PlainError(
    `${text} names no node: /${meant ?? 'broker-1'}/orders-0/00000000000000000000.log, or --broker 1 --topic orders --partition 0`,
  );
}

/** `1`, `broker-1`, `controller-1001`. Throws `PlainError`. */
export function nodeNamed(cluster: Cluster, text: string): string {
  const found = [...cluster.nodes.keys()].find((name) => name === text || name === `broker-${text}`);
  const other = [...cluster.nodes.keys()].find((name) => name.endsWith(`-${text}`));
  const node = found ?? other;
  if (node === undefined) throw new PlainError(`there is no broker ${text}`);
  return node;
}

/** Paths of the files of a directory, over all disks of the node, in the order of their names. */
export function filesIn(cluster: Cluster, node: string, directory: string): readonly string[] {
  const { disks } = cluster.nodes.get(node)!.control;
  const prefix = `${directory}/`;
  return disks.flatMap(({ disk }) => disk.list('').filter((path) => path.startsWith(prefix))).sort();
}

/** Throws `PlainError` for a file that is not there, or a disk that fails. */
export function readFile(cluster: Cluster, { node, path }: DiskPath): Uint8Array {
  const { disks } = cluster.nodes.get(node)!.control;
  const disk = disks.map(({ disk: each }) => each).find((each) => each.exists(path));
  if (disk === undefined) {
    if (isUnwritten(cluster, node, path)) return NO_BYTES;
    throw new PlainError(missing(cluster, { node, path }));
  }
  try {
    const file = disk.open(path);
    return file.read(0, file.size);
  } catch (thrown) {
    if (!(thrown instanceof DiskError)) throw thrown;
    throw new PlainError(`${writtenPath({ node, path })}: the disk fails (${thrown.fault})`);
  }
}

/** A replica that nobody has written to has no files yet. */
export function isUnwritten(cluster: Cluster, node: string, path: string): boolean {
  const [, topic = '', partition] = /^(.+)-(\d+)\/0{20}\.log$/.exec(path) ?? [];
  const count = cluster.catalog.topics().get(topic) ?? 0;
  return Number(partition) < count && filesIn(cluster, node, `${topic}-${partition}`).length === 0;
}

function missing(cluster: Cluster, { node, path }: DiskPath): string {
  const directory = path.split('/').slice(0, -1).join('/');
  const there = filesIn(cluster, node, directory).map((each) => each.slice(directory.length + 1));
  const hint = there.length === 0 ? `${node} has nothing in ${directory || '/'}` : `there are ${there.join(', ')}`;
  if (/\.(index|timeindex)$/.test(path))
    return `${writtenPath({ node, path })}: brokers here keep their indexes in memory, and write no such file; ${hint}`;
  return `${writtenPath({ node, path })}: no such file; ${hint}`;
}
