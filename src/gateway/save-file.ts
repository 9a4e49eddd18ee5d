/** Writes a branch as a scenario to the host's disk. */
import { existsSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { savedScenario } from '../scenario/save.ts';
import type { Timeline } from '../scenario/timeline.ts';
import type { Reply } from '../tools/session.ts';

const FORCE = '--force';

/** Writes a file, a new one unless `force`. Returns why it cannot. */
export function writeNew(path: string, text: string, force: boolean): string | undefined {
  if (existsSync(path) && !force) return `${path} exists: choose another name, or write it anew with ${FORCE}`;
  try {
    writeFileSync(path, text);
    return undefined;
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    return `${path} cannot be written (${why}): choose another file`;
  }
}

/** `rest`: what stands behind `save`. */
export function saveBranch(timeline: Timeline, rest: string): Reply {
  const words = rest.split(/\s+/).filter((word) => word !== '');
  const [path, ...more] = words.filter((word) => word !== FORCE);
  if (path === undefined || more.length > 0) return { ok: false, lines: ['save takes one file name: save drill.yaml'] };
  if (existsSync(path) && !words.includes(FORCE))
    return { ok: false, lines: [`${path} exists: choose another name, or write it anew with save ${path} ${FORCE}`] };
  const { text, steps, missing, mistakes } = savedScenario(timeline, basename(path).replace(/\.ya?ml$/, ''));
  const failure = writeNew(path, text, true);
  if (failure !== undefined) return { ok: false, lines: [failure] };
  const left = missing.map((what) => `not in it: ${what}`);
  if (mistakes.length > 0)
    return { ok: false, lines: [`${path} is written, but has to be mended by hand`, ...mistakes, ...left] };
  const count = `${steps} ${steps === 1 ? 'step' : 'steps'}`;
  return {
    ok: true,
    lines: [`${path}: ${count}; kzsim play ${path} does it again`, ...left],
  };
}
