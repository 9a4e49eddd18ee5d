import type { FaultEffect } from './verbs/verb.ts';

/** Faults that go on, in the order in which they began, so that `heal` and `during` can end them. */
export class Effects {
  readonly #active: FaultEffect[] = [];

  add(effect: FaultEffect): void {
    this.#active.push(effect);
  }

  get active(): readonly FaultEffect[] {
    return this.#active;
  }

  undo(effect: FaultEffect): void {
    const index = this.#active.indexOf(effect);
    if (index < 0) return;
    this.#active.splice(index, 1);
    effect.undo();
  }

  /** Ends every fault, or those that concern one of the nodes; the latest first. Returns how many there were. */
  heal(nodes: readonly string[] | 'all'): number {
    const concerned = this.#active.filter(
      (effect) => effect.healable && (nodes === 'all' || effect.nodes.some((node) => nodes.includes(node))),
    );
    for (const effect of concerned.reverse()) this.undo(effect);
    return concerned.length;
  }
}
