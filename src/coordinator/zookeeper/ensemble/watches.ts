/**
 * One-shot watches of one server. They belong to a connection, are never replicated, and are gone with it: the client sets
 * them anew elsewhere. Fired before the change can be read and before the reply to the write that made it. Modelled on WatchManager.
 */

import type { DataTree, WatchTrigger } from './data-tree.ts';
import { EventType, type SetWatchesRequest } from './messages.ts';

/** Watches of one kind: who waits for which path, in order of registration. */
class WatchTable<Watcher> {
  readonly #byPath = new Map<string, Set<Watcher>>();
  readonly #byWatcher = new Map<Watcher, Set<string>>();

  add(path: string, watcher: Watcher): void {
    addTo(this.#byPath, path, watcher);
    addTo(this.#byWatcher, watcher, path);
  }

  /** Removes and returns those who wait for the path. */
  take(path: string): ReadonlySet<Watcher> {
    const watchers = this.#byPath.get(path);
    if (watchers === undefined) return new Set();
    this.#byPath.delete(path);
    for (const watcher of watchers) removeFrom(this.#byWatcher, watcher, path);
    return watchers;
  }

  forget(watcher: Watcher): void {
    const paths = this.#byWatcher.get(watcher);
    if (paths === undefined) return;
    this.#byWatcher.delete(watcher);
    for (const path of paths) removeFrom(this.#byPath, path, watcher);
  }

  get size(): number {
    let total = 0;
    for (const watchers of this.#byPath.values()) total += watchers.size;
    return total;
  }
}

export type Fire<Watcher> = (watcher: Watcher, type: EventType, path: string) => void;

export class Watches<Watcher> {
  readonly #data = new WatchTable<Watcher>();
  readonly #child = new WatchTable<Watcher>();
  readonly #fire: Fire<Watcher>;

  constructor(fire: Fire<Watcher>) {
    this.#fire = fire;
  }

  /** For getData and exists. */
  watchData(path: string, watcher: Watcher): void {
    this.#data.add(path, watcher);
  }

  /** For getChildren. */
  watchChildren(path: string, watcher: Watcher): void {
    this.#child.add(path, watcher);
  }

  trigger(changes: readonly WatchTrigger[]): void {
    for (const { type, path } of changes) {
      if (type === EventType.nodeChildrenChanged) {
        for (const watcher of this.#child.take(path)) this.#fire(watcher, type, path);
        continue;
      }
      const told = this.#data.take(path);
      for (const watcher of told) this.#fire(watcher, type, path);
      if (type !== EventType.nodeDeleted) continue;
      // A connection with both kinds of watch hears of the deletion once.
      for (const watcher of this.#child.take(path)) if (!told.has(watcher)) this.#fire(watcher, type, path);
    }
  }

  forget(watcher: Watcher): void {
    this.#data.forget(watcher);
    this.#child.forget(watcher);
  }

  /** A client came back that has seen everything up to `relativeZxid`: what it missed fires now, the rest waits on. */
  setWatches(tree: DataTree, request: Omit<SetWatchesRequest, 'type'>, watcher: Watcher): void {
    for (const path of request.dataWatches) {
      const node = tree.get(path);
      if (node === undefined) this.#fire(watcher, EventType.nodeDeleted, path);
      else if (node.mzxid > request.relativeZxid) this.#fire(watcher, EventType.nodeDataChanged, path);
      else this.#data.add(path, watcher);
    }
    for (const path of request.existWatches) {
      if (tree.get(path) !== undefined) this.#fire(watcher, EventType.nodeCreated, path);
      else this.#data.add(path, watcher);
    }
    for (const path of request.childWatches) {
      const node = tree.get(path);
      if (node === undefined) this.#fire(watcher, EventType.nodeDeleted, path);
      else if (node.pzxid > request.relativeZxid) this.#fire(watcher, EventType.nodeChildrenChanged, path);
      else this.#child.add(path, watcher);
    }
  }

  /** How many watches wait. */
  get count(): number {
    return this.#data.size + this.#child.size;
  }
}

function addTo<K, V>(map: Map<K, Set<V>>, key: K, value: V): void {
  const set = map.get(key);
  if (set === undefined) map.set(key, new Set([value]));
  else set.add(value);
}

function removeFrom<K, V>(map: Map<K, Set<V>>, key: K, value: V): void {
  const set = map.get(key);
  set?.delete(value);
  if (set?.size === 0) map.delete(key);
}
