import { drive } from '../../gateway/pace.ts';
import type { ScenarioRun } from '../../scenario/player.ts';

/** Plays a run to its end at a multiple of real time. */
export function paced(run: ScenarioRun, speed: number): Promise<void> {
  run.boot();
  if (run.finished) return Promise.resolve();
  return new Promise((resolve, reject) => {
    drive(run.cluster.world, { speed, finished: () => run.finished, onSlice() {}, onEnd: resolve, onFailure: reject });
  });
}
