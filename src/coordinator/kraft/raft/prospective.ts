/**
 * Before it raises the epoch, a voter asks whether it could win, as one clears one's throat before interrupting: a node
 * that was cut off alone learns on its return that nobody needs an election (KIP-996).
 */
import { isElected, isRejected } from './elections.ts';
import { NO_NODE } from './messages.ts';
import type { Prospective, Raft } from './state.ts';
import { becomeCandidate, becomeFollower, becomeUnattached } from './transitions.ts';
import { canvass } from './vote.ts';

export function pollProspective(raft: Raft, role: Prospective): void {
  if (isElected(raft, role.votes)) {
    becomeCandidate(raft, raft.epoch + 1);
  } else if (isRejected(raft, role.votes) || raft.nowMs >= role.electionDeadlineMs) {
    if (role.leaderId !== NO_NODE) becomeFollower(raft, raft.epoch, role.leaderId);
    else becomeUnattached(raft, raft.epoch);
  } else {
    canvass(raft, role.votes, true);
  }
}
