/**
 * Lets a world run beside a person: in slices of a few milliseconds, so that a key is never kept waiting, at a multiple of the
 * clock on the wall or as fast as it goes.
 */
import type { World } from '../kernel/api.ts';

/** Longest time that one slice keeps the thread, in milliseconds. */
const SLICE_MS = 4;
/** Events between two looks at the clock. */
const BATCH = 250;
/** A world that fell behind (a suspended laptop, a slow stretch) is not made to catch up more than this. */
const MOST_LAG_MS = 250;
/** At a multiple of real time there is nothing to do for this long. */
const IDLE_MS = 8;

export interface Pace {
  /** Virtual over wall time; `Infinity`: as fast as it goes. */
  speed: number;
  paused: boolean;
  /** Stops driving. Idempotent. */
  stop(): void;
}

/** What whoever drives a world hears of it. */
export interface DriveHooks {
  readonly finished: () => boolean;
  /** After every slice. */
  readonly onSlice: () => void;
  readonly onEnd: () => void;
  readonly onFailure: (thrown: unknown) => void;
}

/** Drives `world` until `finished` says so or `stop` is called; `onSlice` follows every slice. */
export function drive(world: World, options: DriveHooks & { readonly speed: number }): Pace {
  let stopped = false;
  let lastMs = performance.now();
  /** Where virtual time should be, in microseconds; a fraction is kept. */
  let targetUs = world.nowUs;
  const pace: Pace = {
    speed: options.speed,
    paused: false,
    stop() {
      stopped = true;
    },
  };
  const slice = (): void => {
    const startMs = performance.now();
    const elapsedMs = Math.min(startMs - lastMs, MOST_LAG_MS);
    lastMs = startMs;
    if (pace.paused) {
      targetUs = world.nowUs;
      return;
    }
    targetUs =
      pace.speed === Number.POSITIVE_INFINITY
        ? Number.POSITIVE_INFINITY
        : Math.max(targetUs, world.nowUs) + elapsedMs * 1000 * pace.speed;
    do {
      const limitUs = targetUs === Number.POSITIVE_INFINITY ? (world.nextUs ?? world.nowUs) : Math.floor(targetUs);
      if (world.runSlice(limitUs, BATCH) < BATCH && targetUs !== Number.POSITIVE_INFINITY) break;
    } while (!stopped && !options.finished() && performance.now() - startMs < SLICE_MS);
  };
  const turn = (): void => {
    if (stopped) return;
    try {
      slice();
      options.onSlice();
      if (options.finished()) {
        stopped = true;
        options.onEnd();
        return;
      }
    } catch (thrown) {
      stopped = true;
      options.onFailure(thrown);
      return;
    }
    if (pace.speed === Number.POSITIVE_INFINITY && !pace.paused) setImmediate(turn);
    else setTimeout(turn, IDLE_MS);
  };
  setImmediate(turn);
  return pace;
}
