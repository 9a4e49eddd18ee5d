/** Has raised the epoch, voted for itself, and asks the others. */
import { isElected, isRejected } from './elections.ts';
import type { Candidate, Raft } from './state.ts';
import { becomeLeader, becomeProspective } from './transitions.ts';
import { canvass } from './vote.ts';

export function pollCandidate(raft: Raft, role: Candidate): void {
  if (isElected(raft, role.votes)) becomeLeader(raft, role.votes);
  else if (raft.nowMs >= role.electionDeadlineMs) becomeProspective(raft);
  else if (!isRejected(raft, role.votes)) canvass(raft, role.votes, false);
}
