import type { Assignor } from './assignor.ts';
import { cooperativeSticky } from './cooperative-sticky.ts';
import { range } from './range.ts';
import { roundRobin } from './round-robin.ts';
import { sticky } from './sticky.ts';

/** By the class that `partition.assignment.strategy` names, without its package. */
const byClass: Readonly<Record<string, Assignor>> = {
  RangeAssignor: range,
  RoundRobinAssignor: roundRobin,
  StickyAssignor: sticky,
  CooperativeStickyAssignor: cooperativeSticky,
};

/** The assignors of a list of classes, or of the short names that groups use. Unknown ones are left out. */
export function assignorsOf(names: readonly string[]): readonly Assignor[] {
  const found = names.flatMap((name) => {
    const short = name.slice(name.lastIndexOf('.') + 1);
    const assignor = byClass[short] ?? Object.values(byClass).find((known) => known.name === short);
    return assignor === undefined ? [] : [assignor];
  });
  return found.length > 0 ? found : [range, cooperativeSticky];
}
