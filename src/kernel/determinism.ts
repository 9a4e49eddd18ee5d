import type { EventId, Micros, TraceEvent, World } from './api.ts';

/** Where two runs of the same world part. An event is absent where one run ended before the other. */
export interface Difference {
  readonly id: EventId;
  readonly first: TraceEvent | undefined;
  readonly second: TraceEvent | undefined;
}

/** Events executed between two comparisons. */
const SLICE = 1_000;

/** A world that is run, and when it has run enough: events may be left then. */
export interface Replay {
  readonly world: World;
  isOver(): boolean;
}

/**
 * Runs a world twice, side by side, and finds the first event in which the runs differ. `make` returns a world that is
 * set up and has not run far: of what happened before, only events that the trace still keeps are compared.
 */
export function findDifference(make: () => Replay, untilUs: Micros): Difference | null {
  const first = new Recording(make());
  const second = new Recording(make());
  for (;;) {
    const moreOfFirst = first.advance(untilUs);
    const moreOfSecond = second.advance(untilUs);
    const difference = first.compareWith(second, moreOfFirst || moreOfSecond);
    if (difference !== null) return difference;
    if (!moreOfFirst && !moreOfSecond) break;
  }
  if (first.world.trace.hash() === second.world.trace.hash()) return null;
  return { id: first.world.trace.count, first: undefined, second: undefined };
}

/** Both sides of a difference, for a person. */
export function describeDifference({ id, first, second }: Difference): string {
  return `runs part at event ${id}\n  first:  ${describeEvent(first)}\n  second: ${describeEvent(second)}`;
}

export function describeEvent(event: TraceEvent | undefined): string {
  if (event === undefined) return 'no such event';
  const fields = event.kind.fields.map((field, index) => `${field}=${JSON.stringify(event.values[index] ?? null)}`);
  return [`t=${event.atUs}us`, event.node, event.kind.name, ...fields, `cause=${event.cause}`].join(' ');
}

class Recording {
  readonly world: World;
  private readonly replay: Replay;
  private pending: TraceEvent[] = [];

  constructor(replay: Replay) {
    const { world } = replay;
    this.world = world;
    this.replay = replay;
    for (let id = 1; id <= world.trace.count; id++) {
      const event = world.trace.get(id);
      if (event !== undefined) this.pending.push(event);
    }
    world.trace.subscribe('all', (event) => this.pending.push(event));
  }

  /** Runs one slice; false when there is nothing left to run. */
  advance(untilUs: Micros): boolean {
    return !this.replay.isOver() && this.world.runSlice(untilUs, SLICE) === SLICE && !this.replay.isOver();
  }

  /** Compares what both have recorded and forgets it; what only one has yet is kept while the runs go on. */
  compareWith(other: Recording, isRunning: boolean): Difference | null {
    const common = Math.min(this.pending.length, other.pending.length);
    for (let index = 0; index < common; index++) {
      const first = this.pending[index]!;
      const second = other.pending[index]!;
      if (describeEvent(first) !== describeEvent(second)) return { id: first.id, first, second };
    }
    this.pending = this.pending.slice(common);
    other.pending = other.pending.slice(common);
    if (isRunning) return null;
    const first = this.pending[0];
    const second = other.pending[0];
    const extra = first ?? second;
    return extra === undefined ? null : { id: extra.id, first, second };
  }
}
