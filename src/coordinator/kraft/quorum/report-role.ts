import type { Context } from '../../../kernel/api.ts';
import { kraftEvents } from '../events.ts';
import type { Raft } from '../raft/state.ts';
import type { RoleChange } from './quorum-member.ts';

/** Tells the trace of a new role; what follows happens because of it. */
export function reportRole(context: Context, raft: Raft, change: RoleChange): void {
  const { epoch, leaderId } = change;
  switch (change.role) {
    case 'leader':
      context.cause = context.emit(kraftEvents['quorum-leader-elected'], [epoch, raft.log.endOffset]);
      break;
    case 'resigned':
      context.cause = context.emit(kraftEvents['quorum-leader-resigned'], [epoch, change.resignCause ?? 'restart']);
      break;
    case 'candidate':
      context.cause = context.emit(kraftEvents['quorum-candidacy-started'], [epoch]);
      break;
    case 'prospective':
      context.cause = context.emit(kraftEvents['quorum-pre-vote-started'], [epoch, leaderId]);
      break;
    case 'follower':
      context.cause = context.emit(kraftEvents['quorum-leader-followed'], [epoch, leaderId]);
      break;
    case 'unattached':
      context.cause = context.emit(kraftEvents['quorum-leader-lost'], [epoch]);
      break;
  }
}
