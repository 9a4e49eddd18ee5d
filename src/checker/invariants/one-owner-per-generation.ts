import { groupEvents } from '../../broker/groups/events.ts';
import type { Invariant } from '../invariant.ts';

/** Groups: the assignments that one generation hands out do not overlap. */
export const oneOwnerPerGeneration: Invariant = {
  name: 'one-owner-per-generation',
  about: 'Of the assignments delivered in one generation of a group, no two hold the same partition.',
  attach({ trace, check }) {
    /** Group → generation, and who owns what in it. */
    const groups = new Map<string, { generation: number; owners: Map<string, string> }>();
    // A static member's successor is given what it had, in the same epoch.
    trace.subscribe([groupEvents['group-member-left']], ({ values: [group, member] }) => {
      const owners = groups.get(group as string)?.owners;
      for (const [partition, owner] of owners ?? []) if (owner === member) owners?.delete(partition);
    });
    trace.subscribe(
      [groupEvents['group-assignment-delivered']],
      ({ id, values: [group, generation, member, partitions] }) => {
        let known = groups.get(group as string);
        if (known === undefined || known.generation !== generation) {
          known = { generation: generation as number, owners: new Map() };
          groups.set(group as string, known);
        }
        let twice: string | null = null;
        for (const partition of partitions as readonly string[]) {
          const owner = known.owners.get(partition);
          if (owner !== undefined && owner !== member)
            twice = `${partition} was given to ${owner} and to ${member} in generation ${generation} of ${group}`;
          known.owners.set(partition, member as string);
        }
        check(id, twice);
      },
    );
  },
};
