/**
 * Quotas: znodes below /zookeeper/quota say how many znodes, and bytes, a subtree should have, and beside them stands how many it has. They
 * are counted by every server for itself, without a txn. Nothing is refused because of them (enforceQuota is false by default); a real
 * server writes a warning into its log. Modelled on DataTree and PathTrie.
 */
import type { ZNode } from './data-tree.ts';

export const QUOTA_ROOT = '/zookeeper/quota';
export const LIMITS_NODE = 'zookeeper_limits';
export const STATS_NODE = 'zookeeper_stats';

export interface QuotaUse {
  readonly count: number;
  readonly bytes: number;
}

export class Quotas {
  readonly #nodes: ReadonlyMap<string, ZNode>;
  /** Paths that have a quota. */
  readonly #paths = new Set<string>();

  constructor(nodes: ReadonlyMap<string, ZNode>) {
    this.#nodes = nodes;
  }

  clear(): void {
    this.#paths.clear();
  }

  /** A znode has come; it stands in the tree. */
  created(path: string, bytes: number): void {
    if (!path.startsWith(`${QUOTA_ROOT}/`)) return this.changed(path, { count: 1, bytes });
    if (path.endsWith(`/${LIMITS_NODE}`)) this.#paths.add(quotaOwner(path));
    else if (path.endsWith(`/${STATS_NODE}`)) this.#write(quotaOwner(path), this.#measure(quotaOwner(path)));
  }

  deleted(path: string, bytes: number): void {
    if (!path.startsWith(`${QUOTA_ROOT}/`)) return this.changed(path, { count: -1, bytes: -bytes });
    if (path.endsWith(`/${LIMITS_NODE}`)) this.#paths.delete(quotaOwner(path));
  }

  /** So much more is used at a path. */
  changed(path: string, more: QuotaUse): void {
    if (this.#paths.size === 0) return;
    const owner = this.#ownerOf(path);
    if (owner === undefined) return;
    const before = readUse(this.#nodes.get(statsPath(owner))?.data ?? null);
    if (before !== undefined)
      this.#write(owner, { count: before.count + more.count, bytes: before.bytes + more.bytes });
  }

  /** The longest path above (or at) this one that has a quota. */
  #ownerOf(path: string): string | undefined {
    for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
      const candidate = path.slice(0, end);
      if (this.#paths.has(candidate)) return candidate;
    }
    return undefined;
  }

  #write(owner: string, { count, bytes }: QuotaUse): void {
    const node = this.#nodes.get(statsPath(owner));
    if (node !== undefined) node.data = encoder.encode(`count=${count},bytes=${bytes}`);
  }

  #measure(path: string): QuotaUse {
    const node = this.#nodes.get(path);
    if (node === undefined) return { count: 0, bytes: 0 };
    let count = 1;
    let bytes = node.data?.length ?? 0;
    for (const name of node.children) {
      const below = this.#measure(`${path}/${name}`);
      count += below.count;
      bytes += below.bytes;
    }
    return { count, bytes };
  }
}

/** `/zookeeper/quota/app/zookeeper_limits` → `/app`. */
function quotaOwner(path: string): string {
  return path.slice(QUOTA_ROOT.length, path.lastIndexOf('/'));
}

export const limitsPath = (path: string): string => `${QUOTA_ROOT}${path}/${LIMITS_NODE}`;
export const statsPath = (path: string): string => `${QUOTA_ROOT}${path}/${STATS_NODE}`;

/** `count=4,bytes=4`; undefined for anything else. */
export function readUse(data: Uint8Array | null): QuotaUse | undefined {
  const match = data === null ? null : /^count=(-?\d+),bytes=(-?\d+)/.exec(decoder.decode(data));
  return match === null ? undefined : { count: Number(match[1]), bytes: Number(match[2]) };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
