/** A way through time: forwards with the cluster that there is, backwards with a new one that is executed up to there. */
import type { TraceEvent } from '../kernel/api.ts';
import type { Branch } from './branches.ts';
import type { Execution } from './execution.ts';

export type Stop =
  /** World time; nothing was handed in at it yet. */
  | { readonly kind: 'time'; readonly atUs: number }
  /** World time, with so many of the branch's inputs handed in. */
  | { readonly kind: 'input'; readonly atUs: number; readonly count: number }
  /** The moment of an event of the trace. */
  | { readonly kind: 'event'; readonly id: number }
  /** The moment of the next notable event, if it comes by then (world time). */
  | { readonly kind: 'notable'; readonly byUs: number }
  /** The latest moment of the branch. */
  | { readonly kind: 'tip' };

export interface JourneyPlan {
  readonly branch: Branch;
  readonly stop: Stop;
  readonly replaces: boolean;
  /** What goes there: called when it sets out. */
  readonly make: () => Execution;
  readonly arrived: (execution: Execution) => void;
}

export class Journey {
  readonly branch: Branch;
  readonly stop: Stop;
  /** The present cluster is replaced by one that is executed anew. */
  readonly replaces: boolean;
  readonly #make: () => Execution;
  readonly #arrived: (execution: Execution) => void;
  #execution: Execution | undefined;
  #seen: TraceEvent | undefined;

  constructor({ branch, stop, replaces, make, arrived }: JourneyPlan) {
    this.branch = branch;
    this.stop = stop;
    this.replaces = replaces;
    this.#make = make;
    this.#arrived = arrived;
  }

  /** How much of the way lies behind it, from 0 to 1; of a way to the next notable event nobody knows. */
  get progress(): number | undefined {
    const { stop, branch } = this;
    const cluster = this.#execution?.session.cluster;
    if (cluster === undefined) return 0;
    const share = (done: number, all: number): number => Math.min(1, done / Math.max(1, all));
    switch (stop.kind) {
      case 'time':
        return share(cluster.world.nowUs, stop.atUs);
      case 'event':
        return share(cluster.trace.count, stop.id);
      case 'tip':
        return share(cluster.world.nowUs, branch.tip?.atUs ?? 0);
      default:
        return undefined;
    }
  }

  /** Executes at most so many events. True: it is there. Throws `DivergedError`. */
  advance(limit: number): boolean {
    if (this.#execution === undefined) {
      this.#execution = this.#make();
      this.#seen = this.#execution.session.events.at(-1);
    }
    const execution = this.#execution;
    if (!this.#run(execution, limit)) return false;
    this.#arrived(execution);
    return true;
  }

  #run(execution: Execution, limit: number): boolean {
    const { stop, branch } = this;
    switch (stop.kind) {
      case 'time':
        return execution.run(stop.atUs, limit) < limit;
      case 'input':
        if (execution.run(stop.atUs, limit) >= limit) return false;
        execution.handIn(stop.count);
        return true;
      case 'event':
        return step(
          execution,
          limit,
          () =>
            execution.session.cluster.trace.count >= stop.id ||
            // A recording that was cut off does not say how many there are.
            (execution.nextUs ?? 0) > (branch.tip?.atUs ?? Number.POSITIVE_INFINITY) + 1,
        );
      case 'notable':
        return step(
          execution,
          limit,
          () => execution.session.events.at(-1) !== this.#seen || (execution.nextUs ?? 0) > stop.byUs,
        );
      case 'tip': {
        const { tip } = branch;
        if (tip === undefined) return true;
        if (execution.run(tip.atUs, limit) >= limit) return false;
        execution.finishAt(tip);
        return true;
      }
    }
  }
}

/** Until something is so; then the rest of that moment. */
function step(execution: Execution, limit: number, there: () => boolean): boolean {
  for (let left = limit; !there(); left--) {
    if (left === 0) return false;
    if (execution.run(Number.POSITIVE_INFINITY, 1) === 0) break;
  }
  execution.completeMoment();
  return true;
}
