/**
 * Lets a world run at the pace of the clock on the wall while the host hands things into it. The world may be a little ahead of
 * the wall, so that what takes it less than that costs no timer: a request is carried in at once, and its answer is there in
 * the same turn.
 */
import type { World } from '../kernel/api.ts';
import type { Pace } from './pace.ts';

/** How far virtual time may be ahead of the wall, in microseconds of either at 1x: a few of the host's timers, which are not exact. */
const LOOK_AHEAD_US = 4000;
/** Longest time that one slice keeps the thread, in milliseconds. */
const SLICE_MS = 4;
/** Events between two looks at the clock. */
const BATCH = 250;
/** A world that fell behind (a suspended laptop, a slow stretch) is not made to catch up more than this. */
const MOST_LAG_US = 250_000;
/** Timers of the host are not exact, and somebody may look at the time: no sleep is longer. */
const LONGEST_SLEEP_MS = 250;

/** What is paced: a world, or one that has inputs to come. */
export type PacedWorld = Pick<World, 'nowUs' | 'nextUs' | 'runUntil' | 'runSlice' | 'runDue'>;

export interface LiveHooks {
  /** After every slice, outside of the world's steps. */
  onSlice(): void;
  /** The world threw: it does not run any more. */
  onFailure(thrown: unknown): void;
}

export class LivePace implements Pace {
  /** Somebody draws pictures: the longest sleep between slices, in milliseconds. */
  longestSleepMs = LONGEST_SLEEP_MS;
  readonly #world: PacedWorld;
  readonly #hooks: LiveHooks;
  #speed: number;
  #paused = false;
  #stopped = false;
  /** The last slice left something that was due. */
  #behind = false;
  /** Where virtual time should be at a moment of the wall; a fraction is kept. */
  #targetUs: number;
  #lastMs = performance.now();
  #immediate: NodeJS.Immediate | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(world: PacedWorld, speed: number, hooks: LiveHooks) {
    this.#world = world;
    this.#speed = speed;
    this.#hooks = hooks;
    this.#targetUs = world.nowUs;
    this.wake();
  }

  get speed(): number {
    return this.#speed;
  }

  set speed(speed: number) {
    this.#follow();
    this.#speed = speed;
    if (speed !== Number.POSITIVE_INFINITY) this.#targetUs = Math.min(this.#targetUs, this.#world.nowUs);
    this.wake();
  }

  get paused(): boolean {
    return this.#paused;
  }

  set paused(paused: boolean) {
    this.#follow();
    this.#paused = paused;
    this.wake();
  }

  stop(): void {
    this.#stopped = true;
    clearImmediate(this.#immediate);
    clearTimeout(this.#timer);
  }

  /**
   * Has something happen in the world at its present: first everything that is due by now (as far as a slice goes), then `act`,
   * once nothing of the present microsecond is left. The world takes its turn when all sockets have been looked at. Returns false, and does nothing, after the pace was stopped.
   */
  inject(act: () => void): boolean {
    if (this.#stopped) return false;
    try {
      const targetUs = this.#follow();
      // A world that is behind catches up in its own turns: a client that sends much shall not keep everybody else waiting.
      if (!this.#behind && targetUs > this.#world.nowUs) this.#behind = !this.#run(targetUs);
      this.#world.runUntil(this.#world.nowUs);
      act();
    } catch (thrown) {
      this.#fail(thrown);
      return false;
    }
    this.wake();
    return true;
  }

  /** Takes a turn as soon as the sockets have been looked at. */
  wake(): void {
    if (this.#stopped || this.#immediate !== undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#immediate = setImmediate(this.#turn);
  }

  /** The moment of virtual time that the wall has reached, in whole microseconds. */
  #follow(): number {
    const nowMs = performance.now();
    const elapsedUs = (nowMs - this.#lastMs) * 1000;
    this.#lastMs = nowMs;
    const { nowUs } = this.#world;
    if (this.paused) this.#targetUs = nowUs;
    else if (this.#speed === Number.POSITIVE_INFINITY) this.#targetUs = nowUs;
    else this.#targetUs = Math.max(this.#targetUs + elapsedUs * this.#speed, nowUs - LOOK_AHEAD_US * this.#speed);
    // What was not caught up for so long never will be.
    if (this.#targetUs - nowUs > MOST_LAG_US && (this.#world.nextUs ?? Number.POSITIVE_INFINITY) < this.#targetUs)
      this.#targetUs = nowUs + MOST_LAG_US;
    return Math.floor(this.#targetUs);
  }

  readonly #turn = (): void => {
    this.#immediate = undefined;
    try {
      this.#behind = this.paused ? false : this.#slice();
      this.#hooks.onSlice();
      if (this.#stopped || this.#immediate !== undefined) return;
      if (this.#behind) this.wake();
      else this.#timer = setTimeout(this.#turn, this.#sleepMs());
    } catch (thrown) {
      this.#fail(thrown);
    }
  };

  /** True: something that is due was left, or there is no rest for a world that runs as fast as it goes. */
  #slice(): boolean {
    const targetUs = this.#follow();
    const world = this.#world;
    if (this.#speed === Number.POSITIVE_INFINITY) {
      const startMs = performance.now();
      do {
        const { nextUs } = world;
        if (nextUs === undefined) return false;
        world.runSlice(nextUs, BATCH);
      } while (performance.now() - startMs < SLICE_MS);
      return true;
    }
    if (!this.#run(targetUs + Math.floor(LOOK_AHEAD_US * this.#speed))) return true;
    // With nothing to do, time passes all the same.
    if (targetUs > world.nowUs) world.runUntil(targetUs);
    return false;
  }

  /** Runs what is due up to a time, for the length of a slice at most, and stands where the last of it was. False: not all of it. */
  #run(limitUs: number): boolean {
    const startMs = performance.now();
    while (this.#world.runDue(limitUs, BATCH) === BATCH) if (performance.now() - startMs >= SLICE_MS) return false;
    return true;
  }

  #sleepMs(): number {
    const { nextUs } = this.#world;
    if (this.paused || nextUs === undefined) return this.longestSleepMs;
    const aheadUs = nextUs - this.#targetUs - LOOK_AHEAD_US * this.#speed;
    return Math.max(1, Math.min(this.longestSleepMs, Math.ceil(aheadUs / 1000 / this.#speed)));
  }

  #fail(thrown: unknown): void {
    this.stop();
    this.#hooks.onFailure(thrown);
  }
}
