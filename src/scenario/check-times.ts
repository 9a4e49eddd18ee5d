/** What is known of the times of steps before the run: an `at` that can never be kept is an error of the file. */
import { formatDuration, parseDuration } from '../cluster/units.ts';
import type { Diagnostic } from './diagnostics.ts';
import type { Source } from './source.ts';

/** Looks at the file itself, so that a step with another mistake still counts. */
export function checkTimes(source: Source): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  let earliestUs = 0;
  const { steps } = source.value as { readonly steps?: unknown };
  for (const [index, step] of (Array.isArray(steps) ? steps : []).entries()) {
    if (step === null || typeof step !== 'object') continue;
    const { at, after, wait, background, skip } = step as Readonly<Record<string, unknown>>;
    if (skip === true) continue;
    const atUs = duration(at);
    if (atUs !== undefined && atUs < earliestUs)
      found.push(
        source.point(
          { path: ['steps', index, 'at'] },
          `${formatDuration(atUs)} is in the past`,
          `the step before it ends at ${formatDuration(earliestUs)} or later`,
        ),
      );
    earliestUs = Math.max(earliestUs, atUs ?? 0) + (duration(after) ?? 0);
    if (background !== true) earliestUs += duration(wait) ?? 0;
  }
  return found;
}

function duration(value: unknown): number | undefined {
  return typeof value === 'string' ? parseDuration(value) : undefined;
}
