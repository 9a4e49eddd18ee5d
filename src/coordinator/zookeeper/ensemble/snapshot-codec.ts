/** Snapshots as bytes, in the layout of ZooKeeper's own files (without the digests that newer versions add). */
import type { Acl, AclList } from './acl.ts';
import { JuteReader, JuteWriter } from './jute.ts';
import type { SessionTouch, Snapshot, SnapshotNode } from './messages.ts';
import { readAcl, writeAcl } from './txn-codec.ts';

const SNAPSHOT_MAGIC = 0x5a4b_534e; // ZKSN
const SNAPSHOT_VERSION = 2;

/** Everything but the checksum at the end. The zxid is in the file's name, as in the real thing. */
export function encodeSnapshot(snapshot: Snapshot): Uint8Array {
  const out = new JuteWriter();
  out.int(SNAPSHOT_MAGIC);
  out.int(SNAPSHOT_VERSION);
  out.long(-1);
  out.int(snapshot.sessions.length);
  for (const { sessionId, timeout } of snapshot.sessions) {
    out.long(sessionId);
    out.int(timeout);
  }
  const acls = aclTable(snapshot.nodes);
  out.int(acls.size);
  for (const [acl, index] of acls) {
    out.long(index);
    writeAcl(out, acl);
  }
  for (const node of snapshot.nodes) {
    out.ustring(node.path === '/' ? '' : node.path);
    out.buffer(node.data);
    // The list that is open to everybody has no place in the table.
    out.long(node.acl === undefined ? -1 : acls.get(node.acl)!);
    out.long(node.czxid);
    out.long(node.mzxid);
    out.long(node.ctime);
    out.long(node.mtime);
    out.int(node.version);
    out.int(node.cversion);
    out.int(node.aversion);
    writeOwner(out, node);
    out.long(node.pzxid);
  }
  out.ustring('/');
  return out.take();
}

export function decodeSnapshot(zxid: number, bytes: Uint8Array): Snapshot {
  const from = new JuteReader(bytes);
  from.position = 16;
  const sessions: SessionTouch[] = Array.from({ length: from.count(12) }, () => {
    const sessionId = from.long();
    return { sessionId, timeout: from.int() };
  });
  const acls = new Map<number, AclList>();
  for (let left = from.count(12); left > 0; left--) {
    const index = from.long();
    acls.set(index, readAcl(from));
  }
  const nodes: SnapshotNode[] = [];
  for (let path = from.ustring(); path !== '/'; path = from.ustring()) {
    const data = from.buffer();
    const acl = acls.get(from.long());
    nodes.push({ path: path === '' ? '/' : path, data, acl, ...readStat(from) });
  }
  return { zxid, sessions, nodes };
}

function readStat(from: JuteReader): Omit<SnapshotNode, 'path' | 'data' | 'acl'> {
  const czxid = from.long();
  const mzxid = from.long();
  const ctime = from.long();
  const mtime = from.long();
  const version = from.int();
  const cversion = from.int();
  const aversion = from.int();
  const owner = readOwner(from);
  const pzxid = from.long();
  return { czxid, mzxid, ctime, mtime, version, cversion, aversion, ...owner, pzxid };
}

/** Lists in the order in which the nodes have them; a list that was read once is shared. */
function aclTable(nodes: readonly SnapshotNode[]): ReadonlyMap<readonly Acl[], number> {
  const table = new Map<readonly Acl[], number>();
  for (const { acl } of nodes) if (acl !== undefined && !table.has(acl)) table.set(acl, table.size + 1);
  return table;
}

/** Containers and TTLs have owners that no session can be (EphemeralType). */
const CONTAINER_HIGH = 0x8000_0000 | 0;
const TTL_HIGH = 0xff00_0000 | 0;

function writeOwner(out: JuteWriter, { ephemeralOwner, lifetime }: SnapshotNode): void {
  if (lifetime === 'persistent') return out.long(ephemeralOwner);
  const ttl = lifetime === 'container' ? 0 : lifetime;
  out.int((lifetime === 'container' ? CONTAINER_HIGH : TTL_HIGH) | Math.floor(ttl / 0x1_0000_0000));
  out.int(ttl | 0);
}

function readOwner(from: JuteReader): Pick<SnapshotNode, 'ephemeralOwner' | 'lifetime'> {
  const high = from.int();
  const low = from.int() >>> 0;
  if (high === CONTAINER_HIGH) return { ephemeralOwner: 0, lifetime: 'container' };
  if (high >>> 24 === 0xff) return { ephemeralOwner: 0, lifetime: (high & 0xff) * 0x1_0000_0000 + low };
  return { ephemeralOwner: high * 0x1_0000_0000 + low, lifetime: 'persistent' };
}
