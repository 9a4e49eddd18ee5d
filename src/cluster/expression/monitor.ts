/**
 * Judges a condition over time. A monitor is asked after every change of what it speaks of, and at the time it names;
 * between two changes the condition is constant.
 */
import type { Micros } from '../../kernel/api.ts';

export type Judgement = 'pending' | 'passed' | 'failed';

export interface Window {
  readonly withinUs?: number;
  readonly forUs?: number;
}

export interface Monitor {
  /** Looks at the condition now. */
  judge(nowUs: Micros): Judgement;
  /** When it must be asked again even if nothing changes; undefined once it is decided. */
  readonly deadlineUs: Micros | undefined;
}

/**
 * An expectation from `startUs` on: now · within D (true at some moment) · for D (true without a gap) · within A for B
 * (becomes true within A, and then stays so for B).
 */
export function expectation(test: () => boolean, window: Window, startUs: Micros): Monitor {
  const lastStartUs = startUs + (window.withinUs ?? 0);
  const lastingUs = window.forUs ?? 0;
  let trueSinceUs: Micros | undefined;
  let deadlineUs: Micros | undefined = startUs;
  const decide = (nowUs: Micros): Judgement => {
    if (test()) {
      // A window's edge belongs to it: a change at that very microsecond still counts.
      if (trueSinceUs === undefined && nowUs <= lastStartUs) trueSinceUs = nowUs;
    } else {
      // True up to this moment, and long enough?
      if (trueSinceUs !== undefined && nowUs - trueSinceUs >= lastingUs && lastingUs > 0) return 'passed';
      trueSinceUs = undefined;
    }
    if (trueSinceUs !== undefined) {
      if (nowUs - trueSinceUs >= lastingUs) return 'passed';
      deadlineUs = trueSinceUs + lastingUs;
      return 'pending';
    }
    if (nowUs >= lastStartUs) return 'failed';
    deadlineUs = lastStartUs;
    return 'pending';
  };
  return {
    judge(nowUs) {
      const judgement = decide(nowUs);
      if (judgement !== 'pending') deadlineUs = undefined;
      return judgement;
    },
    get deadlineUs() {
      return deadlineUs;
    },
  };
}

/** Something that must hold at every moment from `fromUs` to `untilUs`; with `withinUs`, that is never false for longer than that. */
export function invariantCondition(
  test: () => boolean,
  graceUs: number,
  fromUs: Micros,
  untilUs: Micros | undefined,
): Monitor {
  let falseSinceUs: Micros | undefined;
  let deadlineUs: Micros | undefined = fromUs;
  return {
    judge(nowUs) {
      if (nowUs < fromUs) return 'pending';
      if (untilUs !== undefined && nowUs > untilUs) {
        deadlineUs = undefined;
        return 'passed';
      }
      if (test()) {
        const lapsed = falseSinceUs !== undefined && nowUs - falseSinceUs > graceUs;
        falseSinceUs = undefined;
        deadlineUs = untilUs === undefined ? undefined : untilUs + 1;
        return lapsed ? 'failed' : 'pending';
      }
      falseSinceUs ??= nowUs;
      if (nowUs - falseSinceUs > graceUs || graceUs === 0) return 'failed';
      deadlineUs = Math.min(falseSinceUs + graceUs, untilUs ?? Number.POSITIVE_INFINITY) + 1;
      return 'pending';
    },
    get deadlineUs() {
      return deadlineUs;
    },
  };
}
