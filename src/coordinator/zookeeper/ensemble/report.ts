/** From the machine's words to events of the trace. */

import type { Context } from '../../../kernel/api.ts';
import { assertNever } from '../../../kernel/assert.ts';
import { OpCode } from './codes.ts';
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
  const session = formatSessionId(txn.clientId);
  const zxid = formatZxid(txn.zxid);
  if (body.type === OpCode.createSession) {
    context.emit(kinds['session-created'], [session, body.timeOut, zxid]);
  } else if (body.type === OpCode.closeSession) {
    context.emit(kinds['session-closed'], [session, body.paths2Delete, zxid]);
  } else {
    const ops = body.type === OpCode.multi ? body.txns : [body];
    const failed = applied.results?.find(({ err }) => err !== 0);
    const operation = body.type === OpCode.multi ? 'multi' : operationName(body);
    const values = [zxid, session, operation, ops.flatMap(pathsOf), failed?.err ?? applied.err];
    context.emit(kinds['txn-committed'], values);
  }
}

function pathsOf(op: OpTxn): readonly string[] {
  return op.type === OpCode.error ? [] : [op.path];
}

function operationName(op: OpTxn): string {
  switch (op.type) {
    case OpCode.create:
      return 'create';
    case OpCode.delete:
      return 'delete';
    case OpCode.setData:
      return 'setData';
    case OpCode.check:
      return 'check';
    case OpCode.error:
      return 'error';
  }
}
