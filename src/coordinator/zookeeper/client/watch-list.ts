/** What a client waits for, so that it can say so again on its next connection. Modelled on ZKWatchManager. */
import { OpCode, ZkCode } from '../ensemble/codes.ts';
import {
  type AddWatchRequest,
  EventType,
  type ReadRequest,
  type SetWatchesRequest,
  type WatcherEvent,
  WatcherType,
  WatchMode,
} from '../ensemble/messages.ts';

/** How a client calls a watch that it takes away. */
export type WatchKind = 'child' | 'data' | 'persistent';

export class WatchList {
  readonly #data = new Set<string>();
  readonly #exist = new Set<string>();
  readonly #child = new Set<string>();
  readonly #persistent = new Set<string>();
  readonly #recursive = new Set<string>();

  /** A read that asked for a watch was answered. */
  answered(request: ReadRequest, err: number): void {
    const { type, path } = request;
    if (type === OpCode.exists && err === ZkCode.NO_NODE) this.#exist.add(path);
    else if (err !== ZkCode.OK) return;
    else if (type === OpCode.getChildren || type === OpCode.getChildren2) this.#child.add(path);
    else this.#data.add(path);
  }

  addLasting({ path, mode }: AddWatchRequest): void {
    (mode === WatchMode.persistent ? this.#persistent : this.#recursive).add(path);
  }

  fired(event: WatcherEvent): void {
    const { type, path } = event;
    if (type !== EventType.nodeChildrenChanged) {
      this.#data.delete(path);
      this.#exist.delete(path);
    }
    if (type === EventType.nodeChildrenChanged || type === EventType.nodeDeleted) this.#child.delete(path);
  }

  /** `type` is one of `WatcherType`; lasting watches go with any. */
  remove(path: string, type: number): readonly WatchKind[] {
    const removed: WatchKind[] = [];
    if (type !== WatcherType.data && this.#child.delete(path)) removed.push('child');
    if (type !== WatcherType.children && [this.#data.delete(path), this.#exist.delete(path)].includes(true))
      removed.push('data');
    if (type === WatcherType.any && [this.#persistent.delete(path), this.#recursive.delete(path)].includes(true))
      removed.push('persistent');
    return removed;
  }

  /** To be sent right after a reconnection; null if nothing is waited for. */
  renewal(relativeZxid: number): SetWatchesRequest | null {
    const lasting = this.#persistent.size + this.#recursive.size;
    if (this.#data.size + this.#exist.size + this.#child.size + lasting === 0) return null;
    const once = {
      relativeZxid,
      dataWatches: [...this.#data],
      existWatches: [...this.#exist],
      childWatches: [...this.#child],
    };
    if (lasting === 0) return { type: OpCode.setWatches, ...once };
    return {
      type: OpCode.setWatches2,
      ...once,
      persistentWatches: [...this.#persistent],
      persistentRecursiveWatches: [...this.#recursive],
    };
  }
}
