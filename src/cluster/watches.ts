/**
 * Looks at conditions when something they speak of has changed, and when their time is up. A look happens after the step
 * in which the change was told, at the same virtual time; nothing that is only looked at leaves a mark in the trace.
 */
import type { Micros, Timer, World } from '../kernel/api.ts';
import { type Changes, DOMAINS, type Domain } from './model/changes.ts';

/** What a look came to: done, or when to look again even if nothing changes. */
export type Look = 'done' | { readonly nextUs: Micros | undefined };

interface Watch {
  /** One bit a domain, in the order of DOMAINS. */
  readonly domains: number;
  readonly look: (nowUs: Micros) => Look;
  timer: Timer | null;
  ended: boolean;
}

/** Values that change by themselves (`unavailableFor`) are looked at this often. */
const TICK_US = 100_000;
const BITS = new Map(DOMAINS.map((domain, index) => [domain, 1 << index]));
const ALL = (1 << DOMAINS.length) - 1;
const TIME = BITS.get('time')!;

function bitsOf(domains: ReadonlySet<Domain> | 'all'): number {
  if (domains === 'all') return ALL;
  let bits = 0;
  for (const domain of domains) bits |= BITS.get(domain)!;
  return bits;
}

export class Watches {
  readonly world: World;
  readonly #watches = new Set<Watch>();
  /** Domains that somebody watches, and those that changed since the last look. */
  #watched = 0;
  #dirty = 0;
  #pending = false;

  constructor(world: World, changes: Changes) {
    this.world = world;
    changes.onMark((domain) => {
      const bit = BITS.get(domain)!;
      if ((this.#watched & bit) === 0) return;
      this.#dirty |= bit;
      if (this.#pending) return;
      this.#pending = true;
      world.at(world.nowUs, lookAtDirty, this);
    });
  }

  /** Looks at once, and then again until `look` says done. Returns the giving up. */
  add(domains: ReadonlySet<Domain> | 'all', look: (nowUs: Micros) => Look): () => void {
    const watch: Watch = { domains: bitsOf(domains), look, timer: null, ended: false };
    this.#watches.add(watch);
    this.#watched |= watch.domains;
    this.#look(watch);
    return () => this.#end(watch);
  }

  lookAtDirty(): void {
    this.#pending = false;
    const dirty = this.#dirty;
    this.#dirty = 0;
    for (const watch of [...this.#watches]) if ((watch.domains & dirty) !== 0) this.#look(watch);
  }

  #look(watch: Watch): void {
    if (watch.ended) return;
    const { world } = this;
    const looked = watch.look(world.nowUs);
    watch.timer?.cancel();
    watch.timer = null;
    if (looked === 'done') return this.#end(watch);
    let nextUs = looked.nextUs;
    const restless = watch.domains !== ALL && (watch.domains & TIME) !== 0;
    if (restless) nextUs = Math.min(nextUs ?? Number.POSITIVE_INFINITY, world.nowUs + TICK_US);
    // Its time is now, and it is not done: it waits for a change.
    if (nextUs === undefined || nextUs === Number.POSITIVE_INFINITY || nextUs <= world.nowUs || watch.ended) return;
    watch.timer = world.at(nextUs, edgeOf, () => {
      // The edge of a window belongs to it: what else happens at this moment happens first.
      watch.timer = world.at(world.nowUs, lookAgain, () => this.#look(watch));
    });
  }

  #end(watch: Watch): void {
    watch.ended = true;
    watch.timer?.cancel();
    if (!this.#watches.delete(watch)) return;
    this.#watched = 0;
    for (const { domains } of this.#watches) this.#watched |= domains;
  }
}

const lookAtDirty = (watches: Watches): void => watches.lookAtDirty();
const edgeOf = (wait: () => void): void => wait();
const lookAgain = (again: () => void): void => again();
