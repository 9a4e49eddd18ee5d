/**
 * What a session says unasked: a watched value changed, a watch of ZooKeeper fired. It is said at a moment of virtual time and comes from the
 * world alone, so a script hears the same each time. Whoever shows a session listens; saying something leaves no mark in the trace.
 */
import type { World } from '../kernel/api.ts';

export interface Notice {
  /** World time. */
  readonly atUs: number;
  readonly lines: readonly string[];
}

/** For programs. */
export function noticeObject({ atUs, lines }: Notice, zeroUs: number) {
  return { atMs: (atUs - zeroUs) / 1000, notice: lines };
}

export type NoticeListener = (notice: Notice) => void;

export class Notices {
  readonly #world: World;
  #listeners = new Set<NoticeListener>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Says it to whoever listens, at the present moment. */
  tell(...lines: readonly string[]): void {
    const notice: Notice = { atUs: this.#world.nowUs, lines };
    for (const listener of [...this.#listeners]) listener(notice);
  }

  /** Called during a step of the world: a listener shows the notice, and does nothing to the cluster. Returns the undoing. */
  listen(listener: NoticeListener): () => void {
    const listeners = this.#listeners;
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  /** This session takes the place of another one: whoever listened to that listens to this. */
  takeOver(from: Notices): void {
    const listeners = from.#listeners;
    for (const own of this.#listeners) listeners.add(own);
    this.#listeners = listeners;
    from.#listeners = new Set();
  }
}
