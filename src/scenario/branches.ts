/** What a run is a function of beside its options and its seed, for each way that it took: what was handed in, and when. */
import type { Input } from './journal.ts';

/** Its name; those that follow have a number. */
export const FIRST_BRANCH = 'main';

/** How a line of the prompt ended. */
export interface LineEnd {
  readonly atUs: number;
  /** It did what it says; otherwise `words` say why not. */
  readonly did: boolean;
  readonly words: string;
}

export interface TakenInput {
  /** World time. */
  readonly atUs: number;
  readonly input: Input;
  /**
   * Events of the trace before it, and, of a line, their hash: when it is executed again, they are the same. Undefined: it comes from
   * a recording that was not executed up to there.
   */
  events: number | undefined;
  hash: string | undefined;
  /** Of a line; undefined while it waits. */
  end: LineEnd | undefined;
}

/** The latest moment of a branch that was seen: all of its inputs are before it, and nothing of its microsecond is left to do. */
export interface Tip {
  readonly atUs: number;
  /** Undefined: a recording does not say. */
  readonly events: number | undefined;
  readonly hash: string | undefined;
}

/** What was recorded of a run, as a branch to go along. */
export interface Recorded {
  readonly inputs: readonly { readonly atUs: number; readonly input: Input }[];
  readonly tip: Tip;
}

export interface Branch {
  readonly name: string;
  /** The branch that it shares its beginning with, and until when (world time). */
  readonly from: { readonly name: string; readonly atUs: number } | undefined;
  /** All of them from the beginning, the shared ones too. */
  readonly inputs: TakenInput[];
  /** Undefined while nobody has left it. */
  tip: Tip | undefined;
}

/** What an input costs beside the bytes of its frame. */
const INPUT_BYTES = 200;

export class Branches {
  readonly all: Branch[] = [];
  readonly #mostBytes: number;
  #bytes = 0;
  #made = 0;
  /** Real clients sent more than is kept: there is no way back to any moment before now. */
  forgotten = false;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  named(name: string): Branch | undefined {
    return this.all.find((branch) => branch.name === name);
  }

  /** A branch that begins like another; without one, it begins with the cluster. */
  grow(from: Branch | undefined, inputs: number, atUs: number): Branch {
    this.#made += 1;
    const branch: Branch = {
      name: this.#made === 1 ? FIRST_BRANCH : `branch-${this.#made}`,
      from: from && { name: from.name, atUs },
      inputs: from === undefined ? [] : from.inputs.slice(0, inputs),
      tip: undefined,
    };
    this.all.push(branch);
    return branch;
  }

  /** The latest branch is none after all: the line that began it did nothing. */
  fell(branch: Branch): void {
    this.all.splice(this.all.indexOf(branch), 1);
    this.#made -= 1;
  }

  add(branch: Branch, taken: TakenInput): void {
    branch.inputs.push(taken);
    const { input } = taken;
    this.#bytes += INPUT_BYTES + (input.kind === 'frame' ? input.frame.length : 0);
    if (this.#bytes > this.#mostBytes && !this.forgotten) this.#forget(branch);
    else if (this.forgotten && input.kind !== 'line') branch.inputs.pop();
  }

  /** Of the present branch only its lines stay, to be listed and saved; of the others nothing. */
  #forget(present: Branch): void {
    this.forgotten = true;
    this.all.splice(0, this.all.length, present);
    const lines = present.inputs.filter(({ input }) => input.kind === 'line');
    present.inputs.splice(0, present.inputs.length, ...lines);
    present.tip = undefined;
  }
}
