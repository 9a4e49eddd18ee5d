/** What ZooKeeper's servers say to each other: votes, and the packets of Zab. */
import { OpCode } from '../../../coordinator/zookeeper/ensemble/codes.ts';
import type { ElectionMessage, QuorumPacket } from '../../../coordinator/zookeeper/ensemble/messages.ts';
import { formatSessionId } from '../../../coordinator/zookeeper/ensemble/sessions.ts';
import type { OpTxn, TxnBody } from '../../../coordinator/zookeeper/ensemble/txn.ts';
import { epochOfZxid, formatZxid } from '../../../coordinator/zookeeper/ensemble/zxid.ts';
import type { Summary } from '../summary.ts';
import { opName, requestText } from './client.ts';

export function electionSummary(message: ElectionMessage): Summary {
  if (message.kind === 'election-hello') return notice('HELLO', `server ${message.sid}`);
  const { state, leader, zxid, electionEpoch } = message;
  return notice('vote', `for ${leader} zxid=${formatZxid(zxid)} round=${electionEpoch}, ${state}`);
}

export function quorumSummary(packet: QuorumPacket): Summary {
  return { ...notice(packet.type, packetText(packet)), idle: packet.type === 'PING' };
}

function notice(name: string, text: string): Summary {
  return { name, role: 'notice', text, correlation: null, idle: false, bad: false };
}

function packetText(packet: QuorumPacket): string {
  switch (packet.type) {
    case 'FOLLOWERINFO':
      return `server ${packet.sid} accepted epoch=${epochOfZxid(packet.zxid)}`;
    case 'LEADERINFO':
      return `epoch=${epochOfZxid(packet.zxid)}`;
    case 'ACKEPOCH':
      return `last zxid=${formatZxid(packet.zxid)}`;
    case 'SNAP':
      return `${packet.snapshot.nodes.length} znodes zxid=${formatZxid(packet.zxid)}`;
    case 'PROPOSAL':
      return `zxid=${formatZxid(packet.zxid)} ${txnText(packet.txn.body)}`.trimEnd();
    case 'PING':
      return packet.sessions.length === 0 ? '' : `${packet.sessions.length} sessions alive`;
    case 'REQUEST': {
      const { request } = packet.request;
      if (request.type === OpCode.deleteContainer) return `deleteContainer ${request.path}`;
      const text = request.type === OpCode.createSession ? '' : requestText(request);
      return `${opName(request.type)} ${text}`.trimEnd();
    }
    case 'REVALIDATE':
      return `session ${formatSessionId(packet.sessionId)}${packet.valid ? ' valid' : ''}`;
    case 'SYNC':
      return `session ${formatSessionId(packet.sessionId)}`;
    default:
      return `zxid=${formatZxid(packet.zxid)}`;
  }
}

function txnText(body: TxnBody): string {
  switch (body.type) {
    case OpCode.multi:
      return body.txns.map(opTxnText).join('; ');
    case OpCode.createSession:
      return 'createSession';
    case OpCode.closeSession:
      return `closeSession ${body.paths2Delete.join(' ')}`.trimEnd();
    default:
      return opTxnText(body);
  }
}

function opTxnText(txn: OpTxn): string {
  return txn.type === OpCode.error ? 'error' : `${opName(txn.type)} ${txn.path}`;
}
