/**
 * Watches of one server. They belong to a connection, are never replicated, and are gone with it: the client sets them anew elsewhere.
 * Fired before the change can be read and before the reply to the write that made it. A connection has one way of watching a path: what
 * was asked for last (as of 3.9 a real server keeps them side by side). Modelled on WatchManager and WatcherModeManager.
 */
import type { AclList } from './acl.ts';
import type { DataTree, WatchTrigger } from './data-tree.ts';
import { EventType, type SetWatchesRequest, WatcherType, WatchMode } from './messages.ts';
import { parentOf } from './paths.ts';

/** `once`: gone when it has fired; the others last. `recursive`: also for everything below the path. */
type Mode = 'once' | 'persistent' | 'recursive';

/** Watches of one kind: who waits for which path, in order of registration. */
class WatchTable<Watcher> {
  readonly #byPath = new Map<string, Map<Watcher, Mode>>();
  readonly #byWatcher = new Map<Watcher, Set<string>>();
  #recursive = 0;

  add(path: string, watcher: Watcher, mode: Mode): void {
    const watchers = this.#byPath.get(path) ?? new Map<Watcher, Mode>();
    this.#byPath.set(path, watchers);
    const former = watchers.get(watcher);
    if (former === 'recursive') this.#recursive -= 1;
    if (mode === 'recursive') this.#recursive += 1;
    watchers.set(watcher, mode);
    const paths = this.#byWatcher.get(watcher);
    if (paths === undefined) this.#byWatcher.set(watcher, new Set([path]));
    else paths.add(path);
  }

  /** Who hears of something that happened at the path; those who wait for it once wait no longer. */
  take(path: string, type: EventType): ReadonlySet<Watcher> {
    const told = new Set<Watcher>();
    for (const [watcher, mode] of this.#byPath.get(path) ?? []) {
      if (mode === 'recursive' && type === EventType.nodeChildrenChanged) continue;
      told.add(watcher);
      if (mode === 'once') this.remove(path, watcher);
    }
    if (this.#recursive > 0 && type !== EventType.nodeChildrenChanged) this.#takeAbove(path, told);
    return told;
  }

  #takeAbove(path: string, told: Set<Watcher>): void {
    for (let above = path; above !== '/'; ) {
      above = parentOf(above);
      for (const [watcher, mode] of this.#byPath.get(above) ?? []) if (mode === 'recursive') told.add(watcher);
    }
  }

  remove(path: string, watcher: Watcher): boolean {
    const watchers = this.#byPath.get(path);
    const mode = watchers?.get(watcher);
    if (watchers === undefined || mode === undefined) return false;
    if (mode === 'recursive') this.#recursive -= 1;
    watchers.delete(watcher);
    if (watchers.size === 0) this.#byPath.delete(path);
    const paths = this.#byWatcher.get(watcher);
    paths?.delete(path);
    if (paths?.size === 0) this.#byWatcher.delete(watcher);
    return true;
  }

  forget(watcher: Watcher): void {
    for (const path of [...(this.#byWatcher.get(watcher) ?? [])]) this.remove(path, watcher);
  }

  get size(): number {
    let total = 0;
    for (const watchers of this.#byPath.values()) total += watchers.size;
    return total;
  }

  get byPath(): ReadonlyMap<string, ReadonlyMap<Watcher, Mode>> {
    return this.#byPath;
  }

  get byWatcher(): ReadonlyMap<Watcher, ReadonlySet<string>> {
    return this.#byWatcher;
  }
}

export type Fire<Watcher> = (watcher: Watcher, type: EventType, path: string, acl: AclList) => void;

export class Watches<Watcher> {
  readonly #data = new WatchTable<Watcher>();
  readonly #child = new WatchTable<Watcher>();
  readonly #fire: Fire<Watcher>;

  constructor(fire: Fire<Watcher>) {
    this.#fire = fire;
  }

  /** For getData and exists. */
  watchData(path: string, watcher: Watcher): void {
    this.#data.add(path, watcher, 'once');
  }

  /** For getChildren. */
  watchChildren(path: string, watcher: Watcher): void {
    this.#child.add(path, watcher, 'once');
  }

  /** For addWatch; `mode` is one of `WatchMode`. */
  watchAlways(path: string, watcher: Watcher, mode: number): void {
    const lasting = mode === WatchMode.persistentRecursive ? 'recursive' : 'persistent';
    this.#data.add(path, watcher, lasting);
    this.#child.add(path, watcher, lasting);
  }

  /** False: there was none. `type` is one of `WatcherType`. */
  unwatch(path: string, watcher: Watcher, type: number): boolean {
    const data = type !== WatcherType.children && this.#data.remove(path, watcher);
    const child = type !== WatcherType.data && this.#child.remove(path, watcher);
    return data || child;
  }

  trigger(changes: readonly WatchTrigger[]): void {
    for (const { type, path, acl } of changes) {
      if (type === EventType.nodeChildrenChanged) {
        for (const watcher of this.#child.take(path, type)) this.#fire(watcher, type, path, acl);
        continue;
      }
      const told = this.#data.take(path, type);
      for (const watcher of told) this.#fire(watcher, type, path, acl);
      if (type !== EventType.nodeDeleted) continue;
      // A connection with both kinds of watch hears of the deletion once.
      for (const watcher of this.#child.take(path, type)) if (!told.has(watcher)) this.#fire(watcher, type, path, acl);
    }
  }

  forget(watcher: Watcher): void {
    this.#data.forget(watcher);
    this.#child.forget(watcher);
  }

  /** A client came back that has seen everything up to `relativeZxid`: what it missed fires now, the rest waits on. Lasting watches miss what was. */
  setWatches(tree: DataTree, request: Omit<SetWatchesRequest, 'type'>, watcher: Watcher): void {
    for (const path of request.dataWatches) {
      const node = tree.get(path);
      if (node === undefined) this.#fire(watcher, EventType.nodeDeleted, path, undefined);
      else if (node.mzxid > request.relativeZxid) this.#fire(watcher, EventType.nodeDataChanged, path, node.acl);
      else this.watchData(path, watcher);
    }
    for (const path of request.existWatches) {
      const node = tree.get(path);
      if (node !== undefined) this.#fire(watcher, EventType.nodeCreated, path, node.acl);
      else this.watchData(path, watcher);
    }
    for (const path of request.childWatches) {
      const node = tree.get(path);
      if (node === undefined) this.#fire(watcher, EventType.nodeDeleted, path, undefined);
      else if (node.pzxid > request.relativeZxid) this.#fire(watcher, EventType.nodeChildrenChanged, path, node.acl);
      else this.watchChildren(path, watcher);
    }
    for (const path of request.persistentWatches ?? []) this.watchAlways(path, watcher, WatchMode.persistent);
    for (const path of request.persistentRecursiveWatches ?? [])
      this.watchAlways(path, watcher, WatchMode.persistentRecursive);
  }

  /** Who waits for something about this very path. */
  watchersOf(path: string): readonly Watcher[] {
    return [
      ...new Set([...(this.#data.byPath.get(path)?.keys() ?? []), ...(this.#child.byPath.get(path)?.keys() ?? [])]),
    ];
  }

  /** How many watches wait. */
  get count(): number {
    return this.#data.size + this.#child.size;
  }

  /** Those of data alone, as the four-letter words count and list them. */
  get dataWatches(): Pick<WatchTable<Watcher>, 'byPath' | 'byWatcher' | 'size'> {
    return this.#data;
  }
}
