/**
 * Looks at conditions when something they speak of has changed, and when their time is up. A look happens after the step
 * in which the change was told, at the same virtual time; nothing that is only looked at leaves a mark in the trace.
 */
import type { Micros, Timer, World } from '../kernel/api.ts';
import type { Changes, Domain } from './model/changes.ts';

/** What a look came to: done, or when to look again even if nothing changes. */
export type Look = 'done' | { readonly nextUs: Micros | undefined };

interface Watch {
  readonly domains: ReadonlySet<Domain> | 'all';
  readonly look: (nowUs: Micros) => Look;
  timer: Timer | null;
  ended: boolean;
}

/** Values that change by themselves (`unavailableFor`) are looked at this often. */
const TICK_US = 100_000;

export class Watches {
  readonly #world: World;
  readonly #watches = new Set<Watch>();
  readonly #dirty = new Set<Domain>();
  #pending = false;

  constructor(world: World, changes: Changes) {
    this.#world = world;
    changes.onMark((domain) => {
      this.#dirty.add(domain);
      this.#schedule();
    });
  }

  /** Looks at once, and then again until `look` says done. Returns the giving up. */
  add(domains: ReadonlySet<Domain> | 'all', look: (nowUs: Micros) => Look): () => void {
    const watch: Watch = { domains, look, timer: null, ended: false };
    this.#watches.add(watch);
    this.#look(watch);
    return () => this.#end(watch);
  }

  #schedule(): void {
    if (this.#pending || this.#watches.size === 0) return;
    this.#pending = true;
    this.#world.at(this.#world.nowUs, lookAtDirty, this);
  }

  lookAtDirty(): void {
    this.#pending = false;
    const dirty = new Set(this.#dirty);
    this.#dirty.clear();
    for (const watch of [...this.#watches]) if (concerns(watch.domains, dirty)) this.#look(watch);
  }

  #look(watch: Watch): void {
    if (watch.ended) return;
    const { world } = { world: this.#world };
    const looked = watch.look(world.nowUs);
    watch.timer?.cancel();
    watch.timer = null;
    if (looked === 'done') return this.#end(watch);
    let nextUs = looked.nextUs;
    const restless = watch.domains !== 'all' && watch.domains.has('time');
    if (restless) nextUs = Math.min(nextUs ?? Number.POSITIVE_INFINITY, world.nowUs + TICK_US);
    // Its time is now, and it is not done: it waits for a change.
    if (nextUs === undefined || nextUs <= world.nowUs) return;
    watch.timer = world.at(nextUs, lookAgain, () => this.#look(watch));
  }

  #end(watch: Watch): void {
    watch.ended = true;
    watch.timer?.cancel();
    this.#watches.delete(watch);
  }
}

const lookAtDirty = (watches: Watches): void => watches.lookAtDirty();
const lookAgain = (again: () => void): void => again();

function concerns(domains: ReadonlySet<Domain> | 'all', dirty: ReadonlySet<Domain>): boolean {
  if (domains === 'all') return true;
  for (const domain of domains) if (dirty.has(domain)) return true;
  return false;
}
