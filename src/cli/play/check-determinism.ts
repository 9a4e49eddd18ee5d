import { sha256 } from '../../gateway/digest.ts';
import { hostHashing } from '../../gateway/hashing.ts';
import { describeDifference, findDifference } from '../../kernel/determinism.ts';
import { ScenarioRun } from '../../scenario/player.ts';
import type { PlannedRun } from './plans.ts';

/** Plays a run twice, side by side: the first event in which they differ, for a person; null where none does. */
export function findParting({ plan, mode, seed }: PlannedRun): string | null {
  const difference = findDifference(() => {
    const run = new ScenarioRun(plan, { mode, seed, digest: sha256, hashing: hostHashing });
    run.boot();
    return run.cluster.world;
  }, Number.MAX_SAFE_INTEGER);
  return difference === null ? null : describeDifference(difference);
}
