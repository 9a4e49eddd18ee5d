/** Without a leader: a voter waits to stand for election, and meanwhile everybody asks around. */
import { fetchFromAnyone } from './follower.ts';
import type { Raft, Unattached } from './state.ts';
import { becomeProspective } from './transitions.ts';

export function pollUnattached(raft: Raft, role: Unattached): void {
  if (raft.isVoter && raft.nowMs >= role.electionDeadlineMs) becomeProspective(raft);
  else fetchFromAnyone(raft);
}
