/** The arithmetic of votes and time-outs. */
import { majorityOf, type Raft, type Votes } from './state.ts';

/** A deadline drawn from [T, 2T) with the step's integer of chance. */
export function electionDeadlineMs(raft: Raft): number {
  const { electionTimeoutMs } = raft.config;
  return raft.nowMs + electionTimeoutMs + (raft.chance % electionTimeoutMs);
}

/** Whether a log that ends so is at least as long as ours: the later epoch wins, then the later offset. */
export function isUpToDate(raft: Raft, lastEpoch: number, lastOffset: number): boolean {
  const { log } = raft;
  if (lastEpoch !== log.lastEpoch) return lastEpoch > log.lastEpoch;
  return lastOffset >= log.endOffset;
}

export function isElected(raft: Raft, votes: Votes): boolean {
  return count(votes, 'granted') >= majorityOf(raft.config.voters.length);
}

/** Whether no answer that is still missing can make a majority. */
export function isRejected(raft: Raft, votes: Votes): boolean {
  const voterCount = raft.config.voters.length;
  return voterCount - count(votes, 'rejected') < majorityOf(voterCount);
}

export function grantingVoters(votes: Votes): number[] {
  return [...votes.keys()].filter((id) => votes.get(id) === 'granted').sort((a, b) => a - b);
}

function count(votes: Votes, answer: 'granted' | 'rejected'): number {
  let found = 0;
  for (const vote of votes.values()) if (vote === answer) found++;
  return found;
}
