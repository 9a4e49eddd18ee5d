/**
 * Once a minute the leader deletes containers that have lost their last child, and znodes that have outlived their time. It looks only where
 * there are such znodes. Modelled on ContainerManager (znode.container.checkIntervalMs; at most 10,000 a minute).
 */
import type { Context } from '../../../kernel/api.ts';
import { OpCode } from './codes.ts';
import type { DataTree } from './data-tree.ts';
import type { ZabInput } from './zab-core.ts';

const CHECK_INTERVAL_US = 60_000_000;

export class ContainerManager {
  readonly #context: Context;
  readonly #tree: DataTree;
  readonly #leads: () => boolean;
  readonly #feed: (input: ZabInput) => void;
  #waits = false;
  /** When this server began to lead: checks are a whole number of minutes later. */
  #sinceUs = 0;

  constructor(context: Context, tree: DataTree, leads: () => boolean, feed: (input: ZabInput) => void) {
    this.#context = context;
    this.#tree = tree;
    this.#leads = leads;
    this.#feed = feed;
  }

  began(): void {
    this.#sinceUs = this.#context.nowUs();
    this.look();
  }

  /** The tree has changed. */
  look(): void {
    if (this.#waits || !this.#tree.hasMortals || !this.#leads()) return;
    this.#waits = true;
    const passedUs = (this.#context.nowUs() - this.#sinceUs) % CHECK_INTERVAL_US;
    this.#context.after(CHECK_INTERVAL_US - passedUs, this.#check, undefined);
  }

  readonly #check = (): void => {
    this.#waits = false;
    if (!this.#leads()) return;
    for (const path of this.#tree.expired(this.#context.wallMs()))
      this.#feed({
        kind: 'request',
        request: { sessionId: 0, cxid: 0, request: { type: OpCode.deleteContainer, path } },
      });
    this.look();
  };
}
