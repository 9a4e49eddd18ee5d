import { hostPorts } from '../../gateway/ports.ts';
import { describeDifference, findDifference } from '../../kernel/determinism.ts';
import { ScenarioRun } from '../../scenario/player.ts';
import type { PlannedRun } from './plans.ts';

/** Plays a run twice, side by side: the first event in which they differ, for a person; null where none does. */
export function findParting({ plan, mode, seed }: PlannedRun): string | null {
  const difference = findDifference(() => {
    const run = new ScenarioRun(plan, { mode, seed, ports: hostPorts });
    run.boot();
    return { world: run.cluster.world, isOver: () => run.finished };
  }, Number.MAX_SAFE_INTEGER);
  return difference === null ? null : describeDifference(difference);
}
