/** What a follower or observer does: it pulls, appends, flushes (if it votes), and pulls again. */
import { anyInFlight, isBackingOff, isFree, send } from './lines.ts';
import type { FetchRequest, FetchResponse } from './messages.ts';
import { truncationOffset } from './offsets.ts';
import type { Follower, Raft } from './state.ts';
import { becomeProspective } from './transitions.ts';

export function pollFollower(raft: Raft, follower: Follower): void {
  if (raft.isVoter && raft.nowMs >= follower.fetchDeadlineMs) {
    becomeProspective(raft);
    return;
  }
  if (follower.writing || anyInFlight(raft)) return;
  const leaderIsSilent = isBackingOff(raft, follower.leaderId) || raft.nowMs >= follower.fetchDeadlineMs;
  if (leaderIsSilent) fetchFromAnyone(raft);
  else fetchFrom(raft, follower.leaderId);
}

/** Whoever is asked answers with who leads, if it knows. */
export function fetchFromAnyone(raft: Raft): void {
  if (raft.peers.length === 0 || anyInFlight(raft)) return;
  const first = raft.chance % raft.peers.length;
  for (let i = 0; i < raft.peers.length; i++) {
    const peer = raft.peers[(first + i) % raft.peers.length]!;
    if (!isFree(raft, peer)) continue;
    fetchFrom(raft, peer);
    return;
  }
}

function fetchFrom(raft: Raft, nodeId: number): void {
  const { config, log } = raft;
  const request: FetchRequest = {
    kind: 'fetch',
    clusterId: config.clusterId,
    replicaId: config.nodeId,
    currentLeaderEpoch: raft.epoch,
    fetchOffset: log.endOffset,
    lastFetchedEpoch: log.lastEpoch,
    maxWaitMs: config.fetchMaxWaitMs,
    highWatermark: raft.highWatermark,
  };
  send(raft, nodeId, request);
}

/** A good answer of the leader. */
export function followAnswer(raft: Raft, follower: Follower, response: FetchResponse): void {
  follower.fetchDeadlineMs = raft.nowMs + raft.config.fetchTimeoutMs;
  follower.hasFetched = true;
  if (response.diverging !== null) {
    const toOffset = truncationOffset(raft.log, response.diverging);
    if (toOffset < raft.highWatermark) {
      const reason = `the leader of epoch ${raft.epoch} lacks records below the high watermark ${raft.highWatermark}`;
      raft.effects.push({ kind: 'fatal', reason });
      return;
    }
    follower.writing = true;
    raft.effects.push({ kind: 'truncate', toOffset });
    return;
  }
  follower.leaderHighWatermark = response.highWatermark;
  if (response.records === null) {
    learnHighWatermark(raft, follower);
    return;
  }
  follower.writing = true;
  raft.effects.push({ kind: 'append', records: response.records });
}

/** A voter acknowledges with its next fetch, so it flushes before. */
export function followerAppended(raft: Raft, follower: Follower): void {
  if (raft.isVoter) raft.effects.push({ kind: 'flush' });
  else followerWritten(raft, follower);
}

export function followerWritten(raft: Raft, follower: Follower): void {
  follower.writing = false;
  learnHighWatermark(raft, follower);
}

function learnHighWatermark(raft: Raft, follower: Follower): void {
  const offset = Math.min(follower.leaderHighWatermark, raft.log.endOffset);
  if (offset <= raft.highWatermark) return;
  raft.highWatermark = offset;
  raft.effects.push({ kind: 'high-watermark', offset });
}
