import type { ReplicaLog, StoredBatch } from '../batches.ts';
import type { CommittedLog } from '../committed.ts';
import type { Invariant } from '../invariant.ts';

/** The first committed batch that this log lacks or has otherwise, from its start on; null if there is none. */
export function firstMissing(log: CommittedLog, replica: ReplicaLog, from: number, to: number): string | null {
  for (let index = log.indexAt(Math.max(from, replica.startOffset)); index < log.batches.length; index++) {
    const batch = log.batches[index]!;
    if (batch.baseOffset >= to) break;
    if (batch.baseOffset < replica.startOffset) continue;
    const held = replica.batches[replica.indexAt(batch.baseOffset)];
    if (held === batch) continue;
    if (held === undefined || held.baseOffset > batch.lastOffset)
      return `${placeOf(log, batch)} were committed and are gone at ${replica.node}`;
    if (held.baseOffset !== batch.baseOffset || held.crc !== batch.crc || held.leaderEpoch !== batch.leaderEpoch)
      return `${placeOf(log, batch)} were committed in epoch ${batch.leaderEpoch} and are something else at ${replica.node} (epoch ${held.leaderEpoch})`;
  }
  return null;
}

function placeOf({ partition }: CommittedLog, { baseOffset, lastOffset }: StoredBatch): string {
  return `${partition} offsets ${baseOffset}..${lastOffset}`;
}

/** I1 of fidelity.md (LeaderCompleteness): every later leader has what was committed, at the same offsets. */
export const committedRecordsStay: Invariant = {
  name: 'committed-records-stay',
  about:
    'A committed record stays at its offset in every later leader’s log, unless an unclean election or lost disks explain it.',
  attach({ committed, check }) {
    committed.listen({
      onLeader(log, replica, event, excused) {
        if (!excused) check(event, firstMissing(log, replica, 0, log.endOffset));
      },
    });
  },
};
