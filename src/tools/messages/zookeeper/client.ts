/** What ZooKeeper's clients and servers say to each other. */
import { OpCode, zkCodeName } from '../../../coordinator/zookeeper/ensemble/codes.ts';
import type { WordAnswer, WordQuestion } from '../../../coordinator/zookeeper/ensemble/four-letter/listener.ts';
import {
  type ClientRequest,
  type ClientToServer,
  CreateFlag,
  EventType,
  type MultiOp,
  type ReplyPacket,
  type ServerToClient,
} from '../../../coordinator/zookeeper/ensemble/messages.ts';
import { formatSessionId } from '../../../coordinator/zookeeper/ensemble/sessions.ts';
import { formatZxid } from '../../../coordinator/zookeeper/ensemble/zxid.ts';
import type { Summary } from '../summary.ts';

const NAMES = new Map<number, string>(Object.entries(OpCode).map(([name, code]) => [code, name]));

/** `getData`, `multi`. */
export const opName = (type: number): string => NAMES.get(type) ?? `op ${type}`;

const SESSION = 'session';
/** Of a connection's first exchange, which has no xid. */
const CONNECT_XID = 0;

export function toServerSummary(message: ClientToServer): Summary {
  if (message.kind === 'connect') {
    const asked = message.sessionId === 0 ? 'new' : formatSessionId(message.sessionId);
    return summary(SESSION, 'request', `${asked} timeout=${message.timeOut}ms`, CONNECT_XID);
  }
  const { request, xid } = message;
  return summary(opName(request.type), 'request', requestText(request), xid);
}

/** `asked` is what the reply answers. */
export function toClientSummary(message: ServerToClient, asked: string | undefined): Summary {
  switch (message.kind) {
    case 'connect-response': {
      const { timeOut, sessionId } = message;
      if (timeOut === 0) return { ...summary(SESSION, 'response', 'expired', CONNECT_XID), bad: true };
      return summary(SESSION, 'response', `${formatSessionId(sessionId)} timeout=${timeOut}ms`, CONNECT_XID);
    }
    case 'event':
      return summary('watch', 'notice', `${eventName(message.type)} ${message.path}`, null);
    case 'reply': {
      const name = asked ?? 'reply';
      const told = summary(name, 'response', replyText(message), message.xid);
      return { ...told, bad: message.err !== 0, idle: name === 'ping' };
    }
  }
}

/** A four-letter word, or the answer to one. */
export function wordSummary(message: WordQuestion | WordAnswer): Summary {
  if (message.kind === 'word') return summary(message.word, 'request', '', CONNECT_XID);
  const lines = message.text.split('\n').length - 1;
  return summary('word', 'response', lines < 2 ? message.text.trim() : `${lines} lines`, CONNECT_XID);
}

function summary(name: string, role: Summary['role'], text: string, correlation: number | null): Summary {
  return { name, role, text, correlation, idle: name === 'ping', bad: false };
}

const EVENT_NAMES: Readonly<Record<EventType, string>> = {
  [EventType.nodeCreated]: 'created',
  [EventType.nodeDeleted]: 'deleted',
  [EventType.nodeDataChanged]: 'changed',
  [EventType.nodeChildrenChanged]: 'children changed',
};

const eventName = (type: EventType): string => EVENT_NAMES[type];

export function requestText(request: ClientRequest): string {
  switch (request.type) {
    case OpCode.ping:
    case OpCode.closeSession:
      return '';
    case OpCode.setWatches:
    case OpCode.setWatches2:
      return `${request.dataWatches.length + request.existWatches.length + request.childWatches.length} watches since ${formatZxid(request.relativeZxid)}`;
    case OpCode.multi:
      return request.ops.map(opText).join('; ');
    case OpCode.create:
    case OpCode.create2:
    case OpCode.createContainer:
    case OpCode.createTTL:
    case OpCode.delete:
    case OpCode.setData:
      return changeText(request);
    case OpCode.whoAmI:
      return '';
    case OpCode.auth:
      return request.scheme;
    case OpCode.exists:
    case OpCode.getData:
    case OpCode.getChildren:
    case OpCode.getChildren2:
      return `${request.path}${request.watch ? ' (watch)' : ''}`;
    default:
      return request.path;
  }
}

const opText = (op: MultiOp): string => `${opName(op.type)} ${changeText(op)}`;

function changeText(op: MultiOp): string {
  switch (op.type) {
    case OpCode.create:
    case OpCode.create2:
    case OpCode.createContainer:
    case OpCode.createTTL: {
      const kinds = [
        ...((op.flags & CreateFlag.ephemeral) !== 0 ? ['ephemeral'] : []),
        ...((op.flags & CreateFlag.sequential) !== 0 ? ['sequential'] : []),
      ];
      return `${op.path}${kinds.length === 0 ? '' : ` ${kinds.join(' ')}`}`;
    }
    default:
      return op.version < 0 ? op.path : `${op.path} version=${op.version}`;
  }
}

function replyText({ err, zxid, body }: ReplyPacket): string {
  if (err !== 0) {
    const at = body?.results?.findIndex((result) => result.err !== 0) ?? -1;
    return at < 0 ? zkCodeName(err) : `${zkCodeName(err)} (operation ${at + 1})`;
  }
  const { children, data, stat, path } = body ?? {};
  if (children !== undefined) return `${children.length} children`;
  if (data != null) return `${data.length} bytes version=${stat?.version ?? 0}`;
  if (path !== undefined) return `${path} zxid=${formatZxid(zxid)}`;
  return stat === undefined ? `zxid=${formatZxid(zxid)}` : `version=${stat.version} zxid=${formatZxid(zxid)}`;
}
