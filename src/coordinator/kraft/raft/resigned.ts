/** Led once and no more: tells the others until they have heard, and leaves the epoch when it must stand again. */
import { electionDeadlineMs } from './elections.ts';
import { isFree, send } from './lines.ts';
import { NO_NODE } from './messages.ts';
import type { Raft, Resigned } from './state.ts';
import { enter } from './transitions.ts';

export function pollResigned(raft: Raft, role: Resigned): void {
  if (raft.shutdown === 'no' && raft.nowMs >= role.electionDeadlineMs) {
    // Without the bump it would have to name itself as the leader of its old epoch.
    enter(raft, { kind: 'unattached', electionDeadlineMs: electionDeadlineMs(raft) }, raft.epoch + 1, NO_NODE);
    return;
  }
  const { config } = raft;
  for (const voterId of role.unacknowledged) {
    if (!isFree(raft, voterId)) continue;
    send(raft, voterId, {
      kind: 'end-quorum-epoch',
      clusterId: config.clusterId,
      leaderId: config.nodeId,
      leaderEpoch: raft.epoch,
      preferredCandidates: role.preferredCandidates,
    });
  }
}
