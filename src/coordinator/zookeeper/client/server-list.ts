import type { Chance } from '../../../kernel/api.ts';

/** The servers in an order of this client's own, taken in turn (StaticHostProvider). */
export class ServerList {
  readonly #nodes: string[];
  #next = 0;

  constructor(nodes: readonly string[], chance: Chance) {
    this.#nodes = [...nodes];
    for (let i = this.#nodes.length - 1; i > 0; i--) {
      const j = chance.below(i + 1);
      [this.#nodes[i], this.#nodes[j]] = [this.#nodes[j]!, this.#nodes[i]!];
    }
  }

  get size(): number {
    return this.#nodes.length;
  }

  next(): string {
    return this.#nodes[this.#next++ % this.#nodes.length]!;
  }

  /** All have been tried since it last stood at the beginning. */
  get wentRound(): boolean {
    return this.#next > 0 && this.#next % this.#nodes.length === 0;
  }

  /** The last one taken works; a round begins behind it. */
  connected(): void {
    const at = this.#next % this.#nodes.length;
    this.#nodes.push(...this.#nodes.splice(0, at));
    this.#next = 0;
  }
}
