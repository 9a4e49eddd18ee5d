/** Requests that a server answers by itself, from its own tree. It may be behind the leader's. */
import { type Acl, type AclList, allows, type Identity, masked, Perms } from './acl.ts';
import { OpCode, ZkCode } from './codes.ts';
import { type DataTree, statOf } from './data-tree.ts';
import {
  type AddWatchRequest,
  type LookRequest,
  type ReadRequest,
  type RemoveWatchesRequest,
  type ReplyBody,
  WatcherType,
  WatchMode,
  type WhoAmIRequest,
} from './messages.ts';
import type { Watches } from './watches.ts';

export interface ReadAnswer {
  readonly err: ZkCode;
  readonly body: ReplyBody | null;
}

/** Who asks. */
export interface Reader {
  readonly sessionId: number;
  readonly identities: readonly Identity[];
}

const NO_NODE: ReadAnswer = { err: ZkCode.NO_NODE, body: null };
const NO_AUTH: ReadAnswer = { err: ZkCode.NO_AUTH, body: null };

/** Reads, and leaves the watch that was asked for. Only `exists` leaves one on a node that is not there, and needs no permission. */
export function answerRead<Watcher extends Reader>(
  tree: DataTree,
  watches: Watches<Watcher>,
  watcher: Watcher,
  request: ReadRequest,
): ReadAnswer {
  const { type, path, watch } = request;
  const node = tree.get(path);
  switch (type) {
    case OpCode.exists:
      if (watch) watches.watchData(path, watcher);
      return node === undefined ? NO_NODE : { err: ZkCode.OK, body: { stat: statOf(node) } };
    case OpCode.getData:
      if (node === undefined) return NO_NODE;
      if (!mayRead(node.acl, watcher)) return NO_AUTH;
      if (watch) watches.watchData(path, watcher);
      return { err: ZkCode.OK, body: { data: node.data, stat: statOf(node) } };
    case OpCode.getChildren:
    case OpCode.getChildren2:
      if (node === undefined) return NO_NODE;
      if (!mayRead(node.acl, watcher)) return NO_AUTH;
      if (watch) watches.watchChildren(path, watcher);
      return { err: ZkCode.OK, body: { children: [...node.children], stat: statOf(node) } };
  }
}

export function mayRead(acl: AclList, { identities }: Reader): boolean {
  return acl === undefined || allows(acl, Perms.read, identities);
}

/** What is seldom asked for. */
export function answerOther<Watcher extends Reader>(
  tree: DataTree,
  watches: Watches<Watcher>,
  watcher: Watcher,
  request: LookRequest | WhoAmIRequest | AddWatchRequest | RemoveWatchesRequest,
): ReadAnswer {
  switch (request.type) {
    case OpCode.getEphemerals: {
      const owned = tree.ephemeralsOf(watcher.sessionId).filter((path) => path.startsWith(request.path));
      return { err: ZkCode.OK, body: { ephemerals: owned } };
    }
    case OpCode.whoAmI: {
      const identities = watcher.identities.map(({ scheme, id }) => ({ scheme, id: userOf(scheme, id) }));
      return { err: ZkCode.OK, body: { identities } };
    }
    case OpCode.addWatch: {
      const { path, mode } = request;
      if (mode !== WatchMode.persistent && mode !== WatchMode.persistentRecursive)
        return { err: ZkCode.MARSHALLING_ERROR, body: null };
      watches.watchAlways(path, watcher, mode);
      return { err: ZkCode.OK, body: {} };
    }
    case OpCode.removeWatches: {
      const { path, watcherType } = request;
      if (watcherType < WatcherType.children || watcherType > WatcherType.any)
        return { err: ZkCode.MARSHALLING_ERROR, body: null };
      return { err: watches.unwatch(path, watcher, watcherType) ? ZkCode.OK : ZkCode.NO_WATCHER, body: null };
    }
    default:
      return look(tree, watcher, request);
  }
}

function look(tree: DataTree, watcher: Reader, { type, path }: LookRequest): ReadAnswer {
  const node = tree.get(path);
  if (node === undefined) return NO_NODE;
  if (type === OpCode.getAllChildrenNumber)
    return mayRead(node.acl, watcher) ? { err: ZkCode.OK, body: { total: tree.countBelow(path) ?? 0 } } : NO_AUTH;
  if (!allows(node.acl, Perms.read | Perms.admin, watcher.identities)) return NO_AUTH;
  const acl: readonly Acl[] = masked(node.acl, watcher.identities);
  return { err: ZkCode.OK, body: { acl, stat: statOf(node) } };
}

const userOf = (scheme: string, id: string): string => (scheme === 'digest' ? id.split(':', 1)[0]! : id);
