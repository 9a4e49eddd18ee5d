/**
 * How a leader brings a learner to its own history, as LearnerHandler.syncFollower chooses: the missing txns (DIFF), a cut before
 * them (TRUNC), or everything (SNAP). A cut never goes back over the border of an epoch: then it is SNAP, the usual fate of a
 * deposed leader with txns that nobody else has.
 */
import type { DataTree } from './data-tree.ts';
import type { History } from './history.ts';
import type { QuorumPacket } from './messages.ts';
import type { Txn } from './txn.ts';
import { counterOfZxid, epochOfZxid } from './zxid.ts';

export interface SyncPlan {
  readonly by: 'DIFF' | 'TRUNC' | 'SNAP';
  /** Where the learner stands after the first packet. */
  readonly from: number;
  /** What to send up to the leader's last committed txn, in order. */
  readonly packets: readonly QuorumPacket[];
}

/** `committedZxid` is the last txn that the leader counts as committed, which may be ahead of its tree. */
export function planSync(history: History, tree: DataTree, committedZxid: number, peerLastZxid: number): SyncPlan {
  const committed = history.entries.filter((txn) => txn.zxid <= committedZxid);
  const maxCommitted = committed.at(-1)?.zxid ?? history.baseZxid;
  if (peerLastZxid === committedZxid) return plan('DIFF', peerLastZxid, []);
  const startsEpoch = counterOfZxid(peerLastZxid) === 0;
  if (peerLastZxid > maxCommitted) return startsEpoch ? snap(tree, committed) : plan('TRUNC', maxCommitted, []);
  if (peerLastZxid < history.baseZxid) return snap(tree, committed);
  const index = committed.findIndex((txn) => txn.zxid > peerLastZxid);
  const missing = index < 0 ? [] : committed.slice(index);
  const previous = index < 0 ? maxCommitted : (committed[index - 1]?.zxid ?? history.baseZxid);
  if (previous === peerLastZxid || startsEpoch) return plan('DIFF', peerLastZxid, missing);
  // The learner has something at this place that the leader never saw.
  if (missing.length > 0 && epochOfZxid(missing[0]!.zxid) !== epochOfZxid(peerLastZxid)) return snap(tree, committed);
  return plan('TRUNC', previous, missing);
}

function plan(by: 'DIFF' | 'TRUNC', from: number, missing: readonly Txn[]): SyncPlan {
  return { by, from, packets: [{ type: by, zxid: from }, ...asCommitted(missing)] };
}

function snap(tree: DataTree, committed: readonly Txn[]): SyncPlan {
  const snapshot = tree.snapshot();
  const rest = committed.filter((txn) => txn.zxid > snapshot.zxid);
  return {
    by: 'SNAP',
    from: snapshot.zxid,
    packets: [{ type: 'SNAP', zxid: snapshot.zxid, snapshot }, ...asCommitted(rest)],
  };
}

function asCommitted(txns: readonly Txn[]): QuorumPacket[] {
  return txns.flatMap((txn): QuorumPacket[] => [
    { type: 'PROPOSAL', zxid: txn.zxid, txn },
    { type: 'COMMIT', zxid: txn.zxid },
  ]);
}
