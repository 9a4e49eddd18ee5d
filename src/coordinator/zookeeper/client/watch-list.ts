/** What a client waits for, so that it can say so again on its next connection. Modelled on ZKWatchManager. */
import { OpCode, ZkCode } from '../ensemble/codes.ts';
import { EventType, type ReadRequest, type SetWatchesRequest, type WatcherEvent } from '../ensemble/messages.ts';

export class WatchList {
  readonly #data = new Set<string>();
  readonly #exist = new Set<string>();
  readonly #child = new Set<string>();

  /** A read that asked for a watch was answered. */
  answered(request: ReadRequest, err: number): void {
    const { type, path } = request;
    if (type === OpCode.exists && err === ZkCode.NO_NODE) this.#exist.add(path);
    else if (err !== ZkCode.OK) return;
    else if (type === OpCode.getChildren || type === OpCode.getChildren2) this.#child.add(path);
    else this.#data.add(path);
  }

  fired(event: WatcherEvent): void {
    const { type, path } = event;
    if (type !== EventType.nodeChildrenChanged) {
      this.#data.delete(path);
      this.#exist.delete(path);
    }
    if (type === EventType.nodeChildrenChanged || type === EventType.nodeDeleted) this.#child.delete(path);
  }

  /** To be sent right after a reconnection; null if nothing is waited for. */
  renewal(relativeZxid: number): SetWatchesRequest | null {
    if (this.#data.size + this.#exist.size + this.#child.size === 0) return null;
    return {
      type: OpCode.setWatches,
      relativeZxid,
      dataWatches: [...this.#data],
      existWatches: [...this.#exist],
      childWatches: [...this.#child],
    };
  }
}
