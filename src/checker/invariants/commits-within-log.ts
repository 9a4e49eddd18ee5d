import { groupEvents } from '../../broker/groups/events.ts';
import type { Invariant } from '../invariant.ts';

/** Groups: an accepted commit is not past what any replica of the partition ever held. */
export const commitsWithinLog: Invariant = {
  name: 'commits-within-log',
  about: 'A consumer’s commit is, when accepted, not past the end of the log.',
  attach({ trace, logs, check }) {
    trace.subscribe([groupEvents['group-offset-committed']], ({ id, values: [group, partition, offset, member] }) => {
      // A simple consumer may commit what it likes; and a log that an unclean election cut is behind honest commits.
      const replicas = logs.byPartition.get(partition as string);
      if (member === '' || member === null || replicas === undefined) return;
      let end = 0;
      for (const replica of replicas.values()) end = Math.max(end, replica.endOffset, replica.longest);
      check(
        id,
        (offset as number) > end ? `${group} committed ${partition} at ${offset}, and no log went past ${end}` : null,
      );
    });
  },
};
