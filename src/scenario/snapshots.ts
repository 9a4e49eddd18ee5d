/** Moments that were given a name at the prompt: `snapshot NAME`. */
import { parseLine } from '../cluster/verbs/line.ts';
import type { Branch, TakenInput } from './branches.ts';
import type { Stop } from './journey.ts';
import type { Timeline } from './timeline.ts';

export interface NamedMoment {
  readonly branch: Branch;
  readonly stop: Stop;
  /** Nobody has to go back for it. */
  readonly ahead: boolean;
}

/** The name that an input gave to its moment. */
function nameOf({ input, end }: TakenInput): string | undefined {
  if (input.kind !== 'line' || end?.did === false || !/^\s*snapshot\s/.test(input.text)) return undefined;
  return String(parseLine(input.text.replace(/\s#.*$/, '')).args.name);
}

/** The latest moment of this name: of the present branch, or else of another. */
export function momentNamed(timeline: Timeline, name: string): NamedMoment | undefined {
  const { branch: present, branches, nowUs } = timeline;
  for (const branch of [present, ...branches.all.filter((other) => other !== present)]) {
    const index = branch.inputs.findLastIndex((taken) => nameOf(taken) === name);
    const taken = branch.inputs[index];
    if (taken === undefined) continue;
    const stop: Stop = { kind: 'input', atUs: taken.atUs, count: index + 1 };
    return { branch, stop, ahead: branch === present && taken.atUs > nowUs };
  }
  return undefined;
}

/** Every name, in the order in which they were given. */
export function momentNames({ branches }: Timeline): readonly string[] {
  const names = branches.all.flatMap(({ inputs }) => inputs.flatMap((taken) => nameOf(taken) ?? []));
  return [...new Set(names)];
}
