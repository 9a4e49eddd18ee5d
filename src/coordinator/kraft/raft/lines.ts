/** One request in flight per node, and a back-off after a failure (RequestManager). */
import type { RaftRequest } from './messages.ts';
import type { PeerLine, Raft } from './state.ts';

function lineTo(raft: Raft, nodeId: number): PeerLine {
  let line = raft.lines.get(nodeId);
  if (line === undefined) {
    line = { requestId: 0, backoffUntilMs: 0 };
    raft.lines.set(nodeId, line);
  }
  return line;
}

export function isFree(raft: Raft, nodeId: number): boolean {
  const line = raft.lines.get(nodeId);
  return line === undefined || (line.requestId === 0 && line.backoffUntilMs <= raft.nowMs);
}

export function isBackingOff(raft: Raft, nodeId: number): boolean {
  const line = raft.lines.get(nodeId);
  return line !== undefined && line.backoffUntilMs > raft.nowMs;
}

export function anyInFlight(raft: Raft): boolean {
  for (const line of raft.lines.values()) if (line.requestId !== 0) return true;
  return false;
}

export function send(raft: Raft, to: number, request: RaftRequest): void {
  const requestId = ++raft.lastRequestId;
  lineTo(raft, to).requestId = requestId;
  raft.effects.push({ kind: 'send', requestId, to, request });
}

/** Which node a response is from, with its line set free; undefined for a response that nobody waits for any more. */
export function settle(raft: Raft, requestId: number): number | undefined {
  for (const [nodeId, line] of raft.lines) {
    if (line.requestId !== requestId) continue;
    line.requestId = 0;
    return nodeId;
  }
  return undefined;
}

export function backOff(raft: Raft, nodeId: number): void {
  lineTo(raft, nodeId).backoffUntilMs = raft.nowMs + raft.config.retryBackoffMs;
}

/** The earliest end of a back-off that is still to come. */
export function nextBackoffEndMs(raft: Raft, otherwiseMs: number): number {
  let earliest = otherwiseMs;
  for (const line of raft.lines.values()) {
    if (line.requestId === 0 && line.backoffUntilMs > raft.nowMs && line.backoffUntilMs < earliest) {
      earliest = line.backoffUntilMs;
    }
  }
  return earliest;
}
