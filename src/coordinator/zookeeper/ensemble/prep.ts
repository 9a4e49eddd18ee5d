/**
 * Turns requests into txns, on the leader only. A request is judged against the state that will hold when everything
 * proposed before it has been applied: like a till that subtracts the cheques already written from the balance. Those
 * predictions are the change records; one is forgotten when the tree has caught up with it. Modelled on
 * PrepRequestProcessor, with its order of checks. A request that fails becomes an error txn, which takes a zxid too.
 */
import { type AclList, allows, fixedAcl, type Identity, Perms } from './acl.ts';
import { OpCode, ZkCode } from './codes.ts';
import type { DataTree } from './data-tree.ts';
import {
  CreateFlag,
  type CreateRequest,
  type ForwardedRequest,
  type MultiOp,
  type SetAclRequest,
  type WriteRequest,
} from './messages.ts';
import { hasPathShape, isValidPath, parentOf, sequenceSuffix } from './paths.ts';
import type { CloseSessionTxn, ErrorTxn, Lifetime, OpTxn, Txn, TxnBody } from './txn.ts';

/** What a node will look like once the txn `zxid` is applied. */
interface ChangeRecord {
  readonly zxid: number;
  readonly exists: boolean;
  readonly version: number;
  readonly cversion: number;
  readonly childCount: number;
  readonly ephemeralOwner: number;
  readonly aversion: number;
  readonly acl: AclList;
  readonly lifetime: Lifetime;
}

/** What the leader knows of sessions, as far as a request is judged by it. */
export interface SessionGate {
  /** OK, SESSION_EXPIRED or SESSION_MOVED. `owner` is the server over which the request came. */
  check(sessionId: number, owner: number): ZkCode;
  /** A session begins at this server. */
  open(sessionId: number, timeout: number, owner: number): void;
  /** A session is about to end; nothing more is accepted from it. */
  closing(sessionId: number): void;
}

const SPECIAL_PATHS: readonly string[] = ['/', '/zookeeper', '/zookeeper/config', '/zookeeper/quota'];

export class RequestPrep {
  readonly #tree: DataTree;
  readonly #sessions: SessionGate;
  readonly #changes = new Map<string, ChangeRecord>();
  /** Paths in the order in which they were changed, for forgetting. */
  #changed: { readonly zxid: number; readonly path: string }[] = [];
  /** What `#changes` held before the present multi touched it. */
  #undo: { readonly path: string; readonly before: ChangeRecord | undefined }[] = [];
  /** What the present request's client has shown to be. */
  #who: readonly Identity[] = [];

  constructor(tree: DataTree, sessions: SessionGate) {
    this.#tree = tree;
    this.#sessions = sessions;
  }

  prepare(
    forwarded: ForwardedRequest,
    at: { readonly zxid: number; readonly time: number; readonly owner: number },
  ): Txn {
    this.#forgetApplied();
    const { sessionId, cxid, request, identities } = forwarded;
    this.#who = identities ?? [];
    const body = this.#judge(sessionId, request, at);
    return { clientId: sessionId, cxid, zxid: at.zxid, time: at.time, body };
  }

  #judge(
    sessionId: number,
    request: WriteRequest,
    { owner, zxid, time }: { readonly zxid: number; readonly time: number; readonly owner: number },
  ): TxnBody {
    if (request.type === OpCode.deleteContainer) return this.#deleteContainer(request.path, zxid, time);
    if (request.type === OpCode.createSession) {
      this.#sessions.open(sessionId, request.timeOut, owner);
      return { type: OpCode.createSession, timeOut: request.timeOut };
    }
    if (request.type === OpCode.closeSession) return this.#closeSession(sessionId, zxid);
    const standing = this.#sessions.check(sessionId, owner);
    if (standing !== ZkCode.OK) return failure(standing);
    if (request.type === OpCode.multi) return this.#multi(sessionId, request.ops, zxid);
    if (request.type === OpCode.setACL) return this.#setAcl(request, zxid);
    return this.#prepareOp(sessionId, request, zxid);
  }

  #prepareOp(sessionId: number, op: MultiOp, zxid: number): OpTxn {
    switch (op.type) {
      case OpCode.create:
      case OpCode.create2:
      case OpCode.createContainer:
      case OpCode.createTTL:
        return this.#create(sessionId, op, zxid);
      case OpCode.delete:
        return this.#delete(op.path, op.version, zxid);
      case OpCode.setData: {
        const err = this.#checkVersion(op.path, op.version, Perms.write);
        if (err !== ZkCode.OK) return failure(err);
        const node = this.#predicted(op.path)!;
        const version = node.version + 1;
        this.#change(op.path, { ...node, zxid, version });
        return { type: OpCode.setData, path: op.path, data: op.data, version };
      }
      case OpCode.check: {
        const err = this.#checkVersion(op.path, op.version, Perms.read);
        return err === ZkCode.OK ? { type: OpCode.check, path: op.path, version: op.version } : failure(err);
      }
    }
  }

  #create(sessionId: number, op: CreateRequest, zxid: number): OpTxn {
    if (!hasValidFlags(op)) return failure(ZkCode.BAD_ARGUMENTS);
    if (!hasPathShape(op.path)) return failure(ZkCode.BAD_ARGUMENTS);
    const acl = op.acl === undefined ? undefined : fixedAcl(op.acl, this.#who);
    if (acl === null) return failure(ZkCode.INVALID_ACL);
    const parentPath = parentOf(op.path);
    const parent = this.#predicted(parentPath);
    if (parent === null) return failure(ZkCode.NO_NODE);
    if (!allows(parent.acl, Perms.create, this.#who)) return failure(ZkCode.NO_AUTH);
    const sequential = isSequential(op.flags);
    const path = sequential ? op.path + sequenceSuffix(parent.cversion) : op.path;
    if (!isValidPath(path)) return failure(ZkCode.BAD_ARGUMENTS);
    if (this.#predicted(path) !== null) return failure(ZkCode.NODE_EXISTS);
    if (parent.ephemeralOwner !== 0) return failure(ZkCode.NO_CHILDREN_FOR_EPHEMERALS);
    const ephemeral = isEphemeral(op.flags);
    const lifetime = lifetimeOf(op);
    const parentCVersion = parent.cversion + 1;
    this.#change(parentPath, { ...parent, zxid, cversion: parentCVersion, childCount: parent.childCount + 1 });
    const ephemeralOwner = ephemeral ? sessionId : 0;
    this.#change(path, { ...NO_NODE, zxid, exists: true, ephemeralOwner, acl, lifetime });
    return { type: OpCode.create, path, data: op.data, ephemeral, parentCVersion, acl, lifetime };
  }

  #delete(path: string, version: number, zxid: number): OpTxn {
    if (!hasPathShape(path) || SPECIAL_PATHS.includes(path)) return failure(ZkCode.BAD_ARGUMENTS);
    const parentPath = parentOf(path);
    const parent = this.#predicted(parentPath);
    const node = this.#predicted(path);
    if (parent === null) return failure(ZkCode.NO_NODE);
    if (!allows(parent.acl, Perms.delete, this.#who)) return failure(ZkCode.NO_AUTH);
    if (node === null) return failure(ZkCode.NO_NODE);
    if (version !== -1 && version !== node.version) return failure(ZkCode.BAD_VERSION);
    if (node.childCount > 0) return failure(ZkCode.NOT_EMPTY);
    this.#remove(path, parentPath, zxid);
    return { type: OpCode.delete, path };
  }

  /** What the leader itself asks for; it looks again, since the tree it had looked at may be behind what is proposed. */
  #deleteContainer(path: string, zxid: number, time: number): OpTxn {
    const node = this.#predicted(path);
    if (node === null) return failure(ZkCode.NO_NODE);
    if (node.childCount > 0) return failure(ZkCode.NOT_EMPTY);
    const { lifetime } = node;
    const mtime = this.#tree.get(path)?.mtime ?? time;
    if (lifetime === 'persistent' || (lifetime !== 'container' && time - mtime <= lifetime))
      return failure(ZkCode.BAD_ARGUMENTS);
    this.#remove(path, parentOf(path), zxid);
    return { type: OpCode.delete, path };
  }

  #setAcl({ path, acl, version }: SetAclRequest, zxid: number): OpTxn {
    const fixed = fixedAcl(acl, this.#who);
    if (fixed === null) return failure(ZkCode.INVALID_ACL);
    const node = this.#predicted(path);
    if (node === null) return failure(ZkCode.NO_NODE);
    if (!allows(node.acl, Perms.admin, this.#who)) return failure(ZkCode.NO_AUTH);
    if (version !== -1 && version !== node.aversion) return failure(ZkCode.BAD_VERSION);
    const aversion = node.aversion + 1;
    this.#change(path, { ...node, zxid, aversion, acl: fixed });
    return { type: OpCode.setACL, path, acl: fixed, version: aversion };
  }

  #checkVersion(path: string, version: number, perm: number): ZkCode {
    if (!isValidPath(path)) return ZkCode.BAD_ARGUMENTS;
    const node = this.#predicted(path);
    if (node === null) return ZkCode.NO_NODE;
    if (!allows(node.acl, perm, this.#who)) return ZkCode.NO_AUTH;
    return version === -1 || version === node.version ? ZkCode.OK : ZkCode.BAD_VERSION;
  }

  /** One after another against the pending state; all or none. */
  #multi(sessionId: number, ops: readonly MultiOp[], zxid: number): TxnBody {
    this.#undo = [];
    const txns: OpTxn[] = [];
    for (const op of ops) {
      const txn = this.#prepareOp(sessionId, op, zxid);
      if (txn.type === OpCode.error) {
        for (const { path, before } of this.#undo.reverse()) {
          if (before === undefined) this.#changes.delete(path);
          else this.#changes.set(path, before);
        }
        return { type: OpCode.multi, txns: failedMulti(ops.length, txns.length, txn) };
      }
      txns.push(txn);
    }
    return { type: OpCode.multi, txns };
  }

  /** Every ephemeral that the session owns, or will own when what is under way has been applied. */
  #closeSession(sessionId: number, zxid: number): CloseSessionTxn {
    const owned = new Set(this.#tree.ephemeralsOf(sessionId));
    for (const [path, record] of this.#changes) {
      if (!record.exists) owned.delete(path);
      else if (record.ephemeralOwner === sessionId) owned.add(path);
    }
    for (const path of owned) this.#remove(path, parentOf(path), zxid);
    this.#sessions.closing(sessionId);
    return { type: OpCode.closeSession, paths2Delete: [...owned] };
  }

  #remove(path: string, parentPath: string, zxid: number): void {
    const parent = this.#predicted(parentPath)!;
    this.#change(parentPath, { ...parent, zxid, childCount: parent.childCount - 1 });
    this.#change(path, { ...NO_NODE, zxid });
  }

  /** The node as it will be; null if it will not be there. */
  #predicted(path: string): ChangeRecord | null {
    const record = this.#changes.get(path);
    if (record !== undefined) return record.exists ? record : null;
    const node = this.#tree.get(path);
    if (node === undefined) return null;
    const { version, cversion, ephemeralOwner, aversion, acl, lifetime, children, mzxid } = node;
    const childCount = children.size;
    return { zxid: mzxid, exists: true, version, cversion, childCount, ephemeralOwner, aversion, acl, lifetime };
  }

  #change(path: string, record: ChangeRecord): void {
    this.#undo.push({ path, before: this.#changes.get(path) });
    this.#changes.set(path, record);
    this.#changed.push({ zxid: record.zxid, path });
  }

  #forgetApplied(): void {
    this.#undo = [];
    const applied = this.#tree.lastZxid;
    let done = 0;
    for (const { zxid, path } of this.#changed) {
      if (zxid > applied) break;
      done++;
      const record = this.#changes.get(path);
      if (record !== undefined && record.zxid <= applied) this.#changes.delete(path);
    }
    if (done > 0) this.#changed = this.#changed.slice(done);
  }
}

const NO_NODE: ChangeRecord = {
  zxid: 0,
  exists: false,
  version: 0,
  cversion: 0,
  childCount: 0,
  ephemeralOwner: 0,
  aversion: 0,
  acl: undefined,
  lifetime: 'persistent',
};

/** A container is nothing else beside, and a TTL no ephemeral (CreateMode). */
function hasValidFlags({ type, flags, ttl }: CreateRequest): boolean {
  if (flags < 0 || flags > CreateFlag.persistentSequentialWithTtl) return false;
  const hasTtl = flags >= CreateFlag.persistentWithTtl;
  if (hasTtl !== (type === OpCode.createTTL) || hasTtl !== (ttl !== undefined && ttl > 0 && ttl <= LONGEST_TTL_MS))
    return false;
  return (flags === CreateFlag.container) === (type === OpCode.createContainer);
}

/** 40 bits (EphemeralType.TTL). */
export const LONGEST_TTL_MS = 0xff_ffff_ffff;

const isEphemeral = (flags: number): boolean => flags < CreateFlag.container && (flags & CreateFlag.ephemeral) !== 0;
const isSequential = (flags: number): boolean =>
  flags === CreateFlag.persistentSequentialWithTtl ||
  (flags < CreateFlag.container && (flags & CreateFlag.sequential) !== 0);

function lifetimeOf({ flags, ttl }: CreateRequest): Lifetime {
  return flags === CreateFlag.container ? 'container' : (ttl ?? 'persistent');
}

function failure(err: number): ErrorTxn {
  return { type: OpCode.error, err };
}

/** Operations before the failing one report 0, those behind it RUNTIME_INCONSISTENCY. */
function failedMulti(count: number, failedAt: number, error: ErrorTxn): ErrorTxn[] {
  return Array.from({ length: count }, (_, i) => {
    if (i === failedAt) return error;
    return failure(i < failedAt ? ZkCode.OK : ZkCode.RUNTIME_INCONSISTENCY);
  });
}
