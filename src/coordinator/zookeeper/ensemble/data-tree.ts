/**
 * The tree of znodes and the table of sessions. `apply` is its only writer, on the leader, on followers, and at recovery;
 * what it changes is decided elsewhere (prep.ts). Modelled on DataTree and ZKDatabase.
 */
import { assert } from '../../../kernel/assert.ts';
import type { Acl, AclList } from './acl.ts';
import { Perms } from './acl.ts';
import { OpCode, ZkCode } from './codes.ts';
import { EventType, type OpResult, type Snapshot, type SnapshotNode, type Stat } from './messages.ts';
import { nameOf, parentOf } from './paths.ts';
import { LIMITS_NODE, Quotas } from './quotas.ts';
import type { CloseSessionTxn, CreateTxn, DeleteTxn, Lifetime, OpTxn, SetDataTxn, Txn } from './txn.ts';

export interface ZNode {
  data: Uint8Array | null;
  czxid: number;
  mzxid: number;
  pzxid: number;
  ctime: number;
  mtime: number;
  version: number;
  /** Children ever created. (A client is shown creations plus deletions.) */
  cversion: number;
  aversion: number;
  /** The owning session; 0 for a node that outlives sessions. */
  ephemeralOwner: number;
  acl: AclList;
  lifetime: Lifetime;
  readonly children: Set<string>;
}

/** Something that happened to a path and may fire watches, in the order in which it happened. */
export interface WatchTrigger {
  readonly type: EventType;
  readonly path: string;
  /** Of the znode of that path: who may not read it does not hear of it. */
  readonly acl?: AclList;
}

/** What became of a txn. */
export interface Applied {
  readonly err: number;
  readonly path: string | null;
  readonly stat: Stat | null;
  /** For a multi: of each operation. */
  readonly results: readonly OpResult[] | null;
  readonly triggers: readonly WatchTrigger[];
}

export class DataTree {
  /** Zxid of the last txn applied. */
  lastZxid = 0;
  readonly #nodes = new Map<string, ZNode>();
  readonly #ephemerals = new Map<number, Set<string>>();
  /** Time-out in milliseconds of every session that exists. */
  readonly #sessions = new Map<number, number>();
  /** Containers, and znodes with a time to live. */
  readonly #mortals = new Set<string>();
  readonly #quotas = new Quotas(this.#nodes);

  /** `config`: what /zookeeper/config says of the ensemble. */
  constructor(config = '') {
    for (const path of ['/', '/zookeeper', '/zookeeper/config', '/zookeeper/quota']) {
      this.#nodes.set(path, emptyNode(0, 0, 0, 0));
      if (path !== '/') this.#nodes.get(parentOf(path))?.children.add(nameOf(path));
    }
    const node = this.#nodes.get(CONFIG_PATH)!;
    node.data = new TextEncoder().encode(config);
    node.version = -1;
    node.aversion = -1;
    node.acl = READ_ONLY;
  }

  get(path: string): ZNode | undefined {
    return this.#nodes.get(path);
  }

  get nodeCount(): number {
    return this.#nodes.size;
  }

  get sessions(): ReadonlyMap<number, number> {
    return this.#sessions;
  }

  /** Paths of a session's ephemerals, in the order of their creation. */
  ephemeralsOf(sessionId: number): readonly string[] {
    return [...(this.#ephemerals.get(sessionId) ?? [])];
  }

  /** How many znodes stand below a path; undefined where there is none. */
  countBelow(path: string): number | undefined {
    const node = this.#nodes.get(path);
    if (node === undefined) return undefined;
    let count = node.children.size;
    for (const name of node.children) count += this.countBelow(path === '/' ? `/${name}` : `${path}/${name}`) ?? 0;
    return count;
  }

  get ephemerals(): ReadonlyMap<number, ReadonlySet<string>> {
    return this.#ephemerals;
  }

  /** Bytes of all paths and data, as `mntr` tells them. */
  approximateBytes(): number {
    let bytes = 0;
    for (const [path, node] of this.#nodes) bytes += path.length + (node.data?.length ?? 0);
    return bytes;
  }

  get hasMortals(): boolean {
    return this.#mortals.size > 0;
  }

  /** Containers that have lost their last child, and znodes whose time is over, by the wall clock of the leader. */
  expired(wallMs: number): readonly string[] {
    return [...this.#mortals].filter((path) => {
      const { lifetime, children, cversion, mtime } = this.#nodes.get(path)!;
      if (children.size > 0) return false;
      return lifetime === 'container' ? cversion > 0 : typeof lifetime === 'number' && wallMs - mtime > lifetime;
    });
  }

  apply(txn: Txn): Applied {
    assert(txn.zxid > this.lastZxid, `txn ${txn.zxid} applied behind ${this.lastZxid}`);
    this.lastZxid = txn.zxid;
    const { body } = txn;
    const triggers: WatchTrigger[] = [];
    switch (body.type) {
      case OpCode.createSession:
        this.#sessions.set(txn.clientId, body.timeOut);
        return { ...NOTHING };
      case OpCode.closeSession:
        this.#closeSession(txn, body, triggers);
        return { ...NOTHING, triggers };
      case OpCode.multi: {
        const results = body.txns.map((op) => toResult(op, this.#applyOp(txn, op, triggers)));
        return { err: ZkCode.OK, path: null, stat: null, results, triggers };
      }
      default: {
        const result = this.#applyOp(txn, body, triggers);
        return { ...result, results: null, triggers };
      }
    }
  }

  #applyOp(txn: Txn, op: OpTxn, triggers: WatchTrigger[]): Pick<Applied, 'err' | 'path' | 'stat'> {
    switch (op.type) {
      case OpCode.create:
        return this.#create(txn, op, triggers);
      case OpCode.delete:
        return this.#delete(txn.zxid, op, triggers);
      case OpCode.setData:
        return this.#setData(txn, op, triggers);
      case OpCode.setACL: {
        const node = this.#nodes.get(op.path);
        assert(node !== undefined, `txn closes ${op.path}, which does not exist`);
        node.acl = op.acl;
        node.aversion = op.version;
        return { err: ZkCode.OK, path: null, stat: statOf(node) };
      }
      case OpCode.check:
        return { err: ZkCode.OK, path: null, stat: null };
      case OpCode.error:
        return { err: op.err, path: null, stat: null };
    }
  }

  #create(txn: Txn, op: CreateTxn, triggers: WatchTrigger[]): Pick<Applied, 'err' | 'path' | 'stat'> {
    const parentPath = parentOf(op.path);
    const parent = this.#nodes.get(parentPath);
    assert(parent !== undefined, `txn creates ${op.path} without a parent`);
    assert(!this.#nodes.has(op.path), `txn creates ${op.path} a second time`);
    const owner = op.ephemeral ? txn.clientId : 0;
    const node = emptyNode(txn.zxid, txn.time, owner, 0);
    node.data = op.data;
    node.acl = op.acl;
    node.lifetime = op.lifetime;
    this.#nodes.set(op.path, node);
    if (op.lifetime !== 'persistent') this.#mortals.add(op.path);
    parent.children.add(nameOf(op.path));
    parent.cversion = op.parentCVersion;
    parent.pzxid = txn.zxid;
    if (owner !== 0) this.#own(owner, op.path);
    this.#quotas.created(op.path, op.data?.length ?? 0);
    triggers.push(
      { type: EventType.nodeCreated, path: op.path, acl: node.acl },
      { type: EventType.nodeChildrenChanged, path: parentPath, acl: parent.acl },
    );
    return { err: ZkCode.OK, path: op.path, stat: statOf(node) };
  }

  #delete(zxid: number, op: Pick<DeleteTxn, 'path'>, triggers: WatchTrigger[]): Pick<Applied, 'err' | 'path' | 'stat'> {
    const node = this.#nodes.get(op.path);
    const parentPath = parentOf(op.path);
    const parent = this.#nodes.get(parentPath);
    assert(node !== undefined && parent !== undefined, `txn deletes ${op.path}, which does not exist`);
    this.#nodes.delete(op.path);
    parent.children.delete(nameOf(op.path));
    parent.pzxid = zxid;
    if (node.ephemeralOwner !== 0) this.#disown(node.ephemeralOwner, op.path);
    this.#mortals.delete(op.path);
    this.#quotas.deleted(op.path, node.data?.length ?? 0);
    triggers.push(
      { type: EventType.nodeDeleted, path: op.path, acl: node.acl },
      { type: EventType.nodeChildrenChanged, path: parentPath, acl: parent.acl },
    );
    return { err: ZkCode.OK, path: null, stat: null };
  }

  #setData(txn: Txn, op: SetDataTxn, triggers: WatchTrigger[]): Pick<Applied, 'err' | 'path' | 'stat'> {
    const node = this.#nodes.get(op.path);
    assert(node !== undefined, `txn sets ${op.path}, which does not exist`);
    this.#quotas.changed(op.path, { count: 0, bytes: (op.data?.length ?? 0) - (node.data?.length ?? 0) });
    node.data = op.data;
    node.version = op.version;
    node.mzxid = txn.zxid;
    node.mtime = txn.time;
    triggers.push({ type: EventType.nodeDataChanged, path: op.path, acl: node.acl });
    return { err: ZkCode.OK, path: null, stat: statOf(node) };
  }

  #closeSession(txn: Txn, body: CloseSessionTxn, triggers: WatchTrigger[]): void {
    for (const path of body.paths2Delete) this.#delete(txn.zxid, { path }, triggers);
    assert(!this.#ephemerals.has(txn.clientId), `session ${txn.clientId} ends and leaves ephemerals behind`);
    this.#sessions.delete(txn.clientId);
  }

  #own(sessionId: number, path: string): void {
    const owned = this.#ephemerals.get(sessionId);
    if (owned === undefined) this.#ephemerals.set(sessionId, new Set([path]));
    else owned.add(path);
  }

  #disown(sessionId: number, path: string): void {
    const owned = this.#ephemerals.get(sessionId);
    owned?.delete(path);
    if (owned?.size === 0) this.#ephemerals.delete(sessionId);
  }

  /** Everything as it is now. (A real snapshot is fuzzy, taken while txns are applied; this one is of a single moment.) */
  snapshot(): Snapshot {
    const nodes: SnapshotNode[] = [];
    const visit = (path: string, node: ZNode): void => {
      const { children, ...fields } = node;
      nodes.push({ path, ...fields });
      for (const name of children) {
        const child = path === '/' ? `/${name}` : `${path}/${name}`;
        visit(child, this.#nodes.get(child)!);
      }
    };
    visit('/', this.#nodes.get('/')!);
    return {
      zxid: this.lastZxid,
      sessions: [...this.#sessions].map(([sessionId, timeout]) => ({ sessionId, timeout })),
      nodes,
    };
  }

  /** Forgets everything and becomes what the snapshot holds. */
  restore(snapshot: Snapshot): void {
    this.#nodes.clear();
    this.#ephemerals.clear();
    this.#sessions.clear();
    this.#mortals.clear();
    this.#quotas.clear();
    for (const { path, ...fields } of snapshot.nodes) {
      this.#nodes.set(path, { ...fields, children: new Set() });
      if (fields.lifetime !== 'persistent') this.#mortals.add(path);
      if (path !== '/') this.#nodes.get(parentOf(path))!.children.add(nameOf(path));
      if (fields.ephemeralOwner !== 0) this.#own(fields.ephemeralOwner, path);
    }
    for (const { path } of snapshot.nodes) if (path.endsWith(`/${LIMITS_NODE}`)) this.#quotas.created(path, 0);
    for (const { sessionId, timeout } of snapshot.sessions) this.#sessions.set(sessionId, timeout);
    this.lastZxid = snapshot.zxid;
  }
}

/** The stat that clients are shown. */
export function statOf(node: ZNode): Stat {
  return {
    czxid: node.czxid,
    mzxid: node.mzxid,
    ctime: node.ctime,
    mtime: node.mtime,
    version: node.version,
    cversion: 2 * node.cversion - node.children.size,
    aversion: node.aversion,
    ephemeralOwner: node.ephemeralOwner,
    dataLength: node.data?.length ?? 0,
    numChildren: node.children.size,
    pzxid: node.pzxid,
  };
}

export const CONFIG_PATH = '/zookeeper/config';
/** Of the configuration: only a super user could change it. */
const READ_ONLY: readonly Acl[] = [{ perms: Perms.read, scheme: 'world', id: 'anyone' }];

const NOTHING: Applied = { err: ZkCode.OK, path: null, stat: null, results: null, triggers: [] };

function emptyNode(zxid: number, time: number, ephemeralOwner: number, cversion: number): ZNode {
  return {
    data: null,
    czxid: zxid,
    mzxid: zxid,
    pzxid: zxid,
    ctime: time,
    mtime: time,
    version: 0,
    cversion,
    aversion: 0,
    ephemeralOwner,
    acl: undefined,
    lifetime: 'persistent',
    children: new Set(),
  };
}

function toResult(op: OpTxn, applied: Pick<Applied, 'err' | 'path' | 'stat'>): OpResult {
  return { type: op.type, ...applied };
}
