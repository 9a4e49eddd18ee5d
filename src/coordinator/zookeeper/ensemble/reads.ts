/** Requests that a server answers by itself, from its own tree. It may be behind the leader's. */
import { OpCode, ZkCode } from './codes.ts';
import { type DataTree, statOf } from './data-tree.ts';
import type { ReadRequest, ReplyBody } from './messages.ts';
import type { Watches } from './watches.ts';

export interface ReadAnswer {
  readonly err: ZkCode;
  readonly body: ReplyBody | null;
}

const NO_NODE: ReadAnswer = { err: ZkCode.NO_NODE, body: null };

/** Reads, and leaves the watch that was asked for. Only `exists` leaves one on a node that is not there. */
export function answerRead<Watcher>(
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
      if (watch) watches.watchData(path, watcher);
      return { err: ZkCode.OK, body: { data: node.data, stat: statOf(node) } };
    case OpCode.getChildren:
    case OpCode.getChildren2:
      if (node === undefined) return NO_NODE;
      if (watch) watches.watchChildren(path, watcher);
      return { err: ZkCode.OK, body: { children: [...node.children], stat: statOf(node) } };
  }
}
