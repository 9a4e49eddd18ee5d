/** From the machine's words to events of the trace. */

import type { Context } from '../../../kernel/api.ts';
import { assertNever } from '../../../kernel/assert.ts';
import { type Acl, permsText } from './acl.ts';
import { OpCode, ZkCode, zkCodeName } from './codes.ts';
import type { Applied } from './data-tree.ts';
import { ensembleEvents as kinds } from './events.ts';
import { formatSessionId } from './sessions.ts';
import type { OpTxn, Txn } from './txn.ts';
import type { Observation } from './zab-core.ts';
import { formatZxid } from './zxid.ts';

/** `nameOf` gives the node of a server. */
export function reportObservation(context: Context, what: Observation, nameOf: (sid: number) => string): void {
  switch (what.kind) {
    case 'election-started':
      context.emit(kinds['ensemble-election-started'], [what.round, formatZxid(what.zxid), what.peerEpoch]);
      break;
    case 'election-decided':
      context.emit(kinds['ensemble-vote-decided'], [nameOf(what.leader), what.round]);
      break;
    case 'epoch-established':
      context.emit(kinds['ensemble-leader-elected'], [what.epoch, what.followers.map(nameOf)]);
      break;
    case 'learner-syncing': {
      const { by, from, to } = what;
      const values = [nameOf(what.follower), by, formatZxid(from), formatZxid(to)];
      context.emit(kinds['ensemble-follower-syncing'], values);
      break;
    }
    case 'learner-synced':
      context.emit(kinds['ensemble-follower-synced'], [nameOf(what.follower)]);
      break;
    case 'learner-lost':
      context.emit(kinds['ensemble-follower-lost'], [nameOf(what.follower), what.reason]);
      break;
    case 'log-truncated':
      context.emit(kinds['ensemble-log-truncated'], [formatZxid(what.from), formatZxid(what.to), what.count]);
      break;
    case 'leadership-lost':
      context.emit(kinds['ensemble-leadership-lost'], [what.epoch, what.reason]);
      break;
    case 'leader-left':
      context.emit(kinds['ensemble-leader-left'], [nameOf(what.leader), what.reason]);
      break;
    case 'session-expired':
      context.emit(kinds['session-expired'], [formatSessionId(what.sessionId), what.timeoutMs]);
      break;
    case 'session-moved':
      context.emit(kinds['session-moved'], [formatSessionId(what.sessionId), nameOf(what.to)]);
      break;
    default:
      assertNever(what);
  }
}

/** On the leader, when a txn is committed. */
export function reportCommit(context: Context, txn: Txn, applied: Applied): void {
  const { body } = txn;
  const zxid = formatZxid(txn.zxid);
  switch (body.type) {
    case OpCode.createSession:
      context.emit(kinds['session-created'], [formatSessionId(txn.clientId), body.timeOut, zxid]);
      break;
    case OpCode.closeSession:
      for (const path of body.paths2Delete) context.emit(kinds['znode-deleted'], [zxid, path]);
      context.emit(kinds['session-closed'], [formatSessionId(txn.clientId), body.paths2Delete, zxid]);
      break;
    case OpCode.multi: {
      const failed = applied.results?.find(({ err }) => err !== ZkCode.OK);
      if (failed === undefined) for (const op of body.txns) reportOp(context, zxid, txn.clientId, op);
      else reportOp(context, zxid, txn.clientId, { type: OpCode.error, err: failed.err });
      break;
    }
    default:
      reportOp(context, zxid, txn.clientId, body);
  }
}

function reportOp(context: Context, zxid: string, sessionId: number, op: OpTxn): void {
  switch (op.type) {
    case OpCode.create: {
      const owner = op.ephemeral ? formatSessionId(sessionId) : null;
      context.emit(kinds['znode-created'], [zxid, op.path, owner, textOf(op.data)]);
      if (op.acl !== undefined) context.emit(kinds['znode-acl-changed'], [zxid, op.path, 0, op.acl.map(aclText)]);
      break;
    }
    case OpCode.setData:
      context.emit(kinds['znode-changed'], [zxid, op.path, op.version, textOf(op.data)]);
      break;
    case OpCode.setACL:
      context.emit(kinds['znode-acl-changed'], [zxid, op.path, op.version, op.acl.map(aclText)]);
      break;
    case OpCode.delete:
      context.emit(kinds['znode-deleted'], [zxid, op.path]);
      break;
    case OpCode.error:
      context.emit(kinds['write-refused'], [zxid, formatSessionId(sessionId), zkCodeName(op.err)]);
      break;
    case OpCode.check:
      break;
    default:
      assertNever(op);
  }
}

function textOf(data: Uint8Array | null): string | null {
  return data === null ? null : decoder.decode(data);
}

/** `digest:bob:…=:cdrwa`. */
function aclText({ scheme, id, perms }: Acl): string {
  return `${scheme}:${id}:${permsText(perms)}`;
}

const decoder = new TextDecoder();
