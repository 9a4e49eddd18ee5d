/** Moves a live cluster in time: in slices, so that whoever looks on is not kept waiting. */
import type { Journey } from '../scenario/journey.ts';
import { type Clockwork, type TimeHost, timeLine } from '../scenario/time-lines.ts';
import type { Timeline } from '../scenario/timeline.ts';
import type { Reply } from '../tools/session.ts';
import { saveBranch, writeNew } from './save-file.ts';

/** Longest time that one slice keeps the thread, in milliseconds. */
const SLICE_MS = 8;
/** Events between two looks at the clock. */
const BATCH = 100;

export interface LiveTimeHooks {
  /** Real clients are attached: so many connections. */
  connections(): number;
  /** Breaks them. */
  disconnect(): void;
  /** After every slice of a journey. */
  onSlice(): void;
  /** Where the present is has changed. */
  onArrival(): void;
}

export class LiveTime implements TimeHost {
  readonly timeline: Timeline;
  readonly clock: Clockwork;
  readonly #hooks: LiveTimeHooks;
  /** Time stands still because somebody went back, not because it was paused. */
  #heldInPast = false;
  #journey: Journey | undefined;
  #closed = false;
  #queue: (() => void)[] = [];

  constructor(timeline: Timeline, clock: Clockwork, hooks: LiveTimeHooks) {
    this.timeline = timeline;
    this.clock = clock;
    this.#hooks = hooks;
  }

  /** Nothing may be handed in: time is being moved. */
  get travelling(): boolean {
    return this.#journey !== undefined;
  }

  /** Where the cluster is in time, in a few words; '' at the present of the first branch. */
  get place(): string {
    const journey = this.#journey;
    if (journey === undefined) return this.timeline.place;
    const { progress } = journey;
    return progress === undefined ? 'on the way' : `${Math.floor(progress * 100)}% of the way`;
  }

  /** Answers a line about time; false for any other. Lines that come while time is being moved wait. */
  execute(line: string, done: (reply: Reply) => void, other: () => void): void {
    if (this.travelling) this.#queue.push(() => this.execute(line, done, other));
    else if (!timeLine(this, line, done)) other();
  }

  /** Time stands still until somebody acts, or goes to where nobody has been. */
  hold(): void {
    this.clock.paused = true;
    this.#heldInPast = true;
  }

  /** Time passes again. */
  passes(): void {
    this.#heldInPast = false;
  }

  /** Somebody acts in the past: time goes on from there. */
  release(): void {
    if (!this.#heldInPast) return;
    this.#heldInPast = false;
    this.clock.paused = false;
  }

  whyNoWayBack(): string | undefined {
    if (!this.timeline.branches.forgotten) return undefined;
    return 'real clients sent more than is kept of the past: there is no way back. `up --record FILE` keeps all of it, and `kzsim replay FILE --prompt` goes back there';
  }

  write(path: string, text: string, force: boolean): string | undefined {
    return writeNew(path, text, force);
  }

  look(journey: Journey, done: (failed?: string) => void): void {
    this.#advance(journey, done, () => {});
  }

  save(rest: string): Reply {
    return saveBranch(this.timeline, rest);
  }

  travel(journey: Journey, arrived: (said: readonly string[], failed?: string) => void, stays = false): void {
    const { clock, timeline } = this;
    const before = timeline.cluster;
    const goesBack = journey.replaces;
    const said: string[] = [];
    const connections = this.#hooks.connections();
    if (goesBack && connections > 0) {
      said.push(`${connections} ${connections === 1 ? 'connection' : 'connections'} of real clients: disconnected`);
      this.#hooks.disconnect();
    }
    const wasPaused = clock.paused;
    clock.paused = true;
    this.#journey = journey;
    const end = (failed?: string): void => {
      this.#journey = undefined;
      if (timeline.inPast) this.#heldInPast ||= !wasPaused;
      else {
        clock.paused = stays || (wasPaused && !this.#heldInPast);
        this.#heldInPast = false;
      }
      if (timeline.cluster !== before) this.#hooks.disconnect();
      this.#hooks.onArrival();
      arrived(said, failed);
      const queue = this.#queue;
      this.#queue = [];
      for (const next of queue) next();
    };
    this.#advance(journey, end, () => this.#hooks.onSlice());
  }

  /** Goes on in slices, between which others have their turn. */
  #advance(journey: Journey, end: (failed?: string) => void, onSlice: () => void): void {
    const slice = (): void => {
      if (this.#closed) return;
      const startMs = performance.now();
      try {
        do if (journey.advance(BATCH)) return end();
        while (performance.now() - startMs < SLICE_MS);
      } catch (thrown) {
        return end(thrown instanceof Error ? thrown.message : String(thrown));
      }
      onSlice();
      setImmediate(slice);
    };
    slice();
  }

  close(): void {
    this.#closed = true;
  }
}
