import type { AuthorityHandle } from '../coordinator/index.ts';

/** The handles that the processes of a cluster gave out, the latest of each node. */
export class AuthorityHandles {
  readonly #byNode = new Map<string, AuthorityHandle>();

  readonly add = (handle: AuthorityHandle): void => {
    this.#byNode.set(handle.node, handle);
  };

  /** Of the latest process of a node; undefined: it gave none out. */
  of(node: string): AuthorityHandle | undefined {
    return this.#byNode.get(node);
  }

  /** Those that believe to be active, among the nodes that `runs` admits. */
  active(runs: (node: string) => boolean): readonly AuthorityHandle[] {
    return [...this.#byNode.values()].filter((handle) => runs(handle.node) && handle.active);
  }
}
