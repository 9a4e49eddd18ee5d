/** Txns and snapshots as bytes, in the layout of ZooKeeper's own files (without the digests that newer versions add). */
import { MalformedMessage } from '../../../protocol/wire-error.ts';
import { OpCode } from './codes.ts';
import { JuteReader, JuteWriter } from './jute.ts';
import type { SessionTouch, Snapshot, SnapshotNode } from './messages.ts';
import type { OpTxn, Txn, TxnBody } from './txn.ts';

export function encodeTxn(txn: Txn): Uint8Array {
  const out = new JuteWriter();
  out.long(txn.clientId);
  out.int(txn.cxid);
  out.long(txn.zxid);
  out.long(txn.time);
  out.int(txn.body.type);
  writeBody(out, txn.body);
  return out.take();
}

export function decodeTxn(bytes: Uint8Array): Txn {
  const from = new JuteReader(bytes);
  const clientId = from.long();
  const cxid = from.int();
  const zxid = from.long();
  const time = from.long();
  return { clientId, cxid, zxid, time, body: readBody(from, from.int()) };
}

function writeBody(out: JuteWriter, body: TxnBody): void {
  switch (body.type) {
    case OpCode.createSession:
      out.int(body.timeOut);
      break;
    case OpCode.closeSession:
      out.int(body.paths2Delete.length);
      for (const path of body.paths2Delete) out.ustring(path);
      break;
    case OpCode.multi:
      out.int(body.txns.length);
      for (const op of body.txns) {
        const inner = new JuteWriter();
        writeOp(inner, op);
        out.int(op.type);
        out.buffer(inner.take());
      }
      break;
    default:
      writeOp(out, body);
  }
}

function writeOp(out: JuteWriter, op: OpTxn): void {
  switch (op.type) {
    case OpCode.create:
      out.ustring(op.path);
      out.buffer(op.data);
      writeOpenAcl(out);
      out.byte(op.ephemeral ? 1 : 0);
      out.int(op.parentCVersion);
      break;
    case OpCode.delete:
      out.ustring(op.path);
      break;
    case OpCode.setData:
      out.ustring(op.path);
      out.buffer(op.data);
      out.int(op.version);
      break;
    case OpCode.check:
      out.ustring(op.path);
      out.int(op.version);
      break;
    case OpCode.error:
      out.int(op.err);
      break;
  }
}

function readBody(from: JuteReader, type: number): TxnBody {
  switch (type) {
    case OpCode.createSession:
      return { type, timeOut: from.int() };
    case OpCode.closeSession:
      return { type, paths2Delete: Array.from({ length: from.count(4) }, () => from.ustring()) };
    case OpCode.multi: {
      const txns = Array.from({ length: from.count(8) }, () => {
        const opType = from.int();
        return readOp(new JuteReader(from.buffer() ?? new Uint8Array(0)), opType);
      });
      return { type, txns };
    }
    default:
      return readOp(from, type);
  }
}

function readOp(from: JuteReader, type: number): OpTxn {
  switch (type) {
    case OpCode.create: {
      const path = from.ustring();
      const data = from.buffer();
      skipAcl(from);
      const ephemeral = from.byte() === 1;
      return { type, path, data, ephemeral, parentCVersion: from.int() };
    }
    case OpCode.delete:
      return { type, path: from.ustring() };
    case OpCode.setData: {
      const path = from.ustring();
      const data = from.buffer();
      return { type, path, data, version: from.int() };
    }
    case OpCode.check: {
      const path = from.ustring();
      return { type, path, version: from.int() };
    }
    case OpCode.error:
      return { type, err: from.int() };
    default:
      throw new MalformedMessage(`a txn of the unknown type ${type}`);
  }
}

/** Everybody may do everything: `world:anyone:cdrwa`. */
function writeOpenAcl(out: JuteWriter): void {
  out.int(1);
  out.int(31);
  out.ustring('world');
  out.ustring('anyone');
}

function skipAcl(from: JuteReader): void {
  const count = from.count(12);
  for (let i = 0; i < count; i++) {
    from.int();
    from.ustring();
    from.ustring();
  }
}

const SNAPSHOT_MAGIC = 0x5a4b_534e; // ZKSN
const SNAPSHOT_VERSION = 2;

/** Everything but the checksum at the end. The zxid is in the file's name, as in the real thing. */
export function encodeSnapshot(snapshot: Snapshot): Uint8Array {
  const out = new JuteWriter();
  out.int(SNAPSHOT_MAGIC);
  out.int(SNAPSHOT_VERSION);
  out.long(-1);
  out.int(snapshot.sessions.length);
  for (const { sessionId, timeout } of snapshot.sessions) {
    out.long(sessionId);
    out.int(timeout);
  }
  out.int(0); // ACL lists: none but the open one
  for (const node of snapshot.nodes) {
    out.ustring(node.path === '/' ? '' : node.path);
    out.buffer(node.data);
    out.long(-1);
    out.long(node.czxid);
    out.long(node.mzxid);
    out.long(node.ctime);
    out.long(node.mtime);
    out.int(node.version);
    out.int(node.cversion);
    out.int(node.aversion);
    out.long(node.ephemeralOwner);
    out.long(node.pzxid);
  }
  out.ustring('/');
  return out.take();
}

export function decodeSnapshot(zxid: number, bytes: Uint8Array): Snapshot {
  const from = new JuteReader(bytes);
  from.position = 16;
  const sessions: SessionTouch[] = Array.from({ length: from.count(12) }, () => {
    const sessionId = from.long();
    return { sessionId, timeout: from.int() };
  });
  from.int();
  const nodes: SnapshotNode[] = [];
  for (let path = from.ustring(); path !== '/'; path = from.ustring()) {
    const data = from.buffer();
    from.long();
    nodes.push({ path: path === '' ? '/' : path, data, ...readStat(from) });
  }
  return { zxid, sessions, nodes };
}

function readStat(from: JuteReader): Omit<SnapshotNode, 'path' | 'data'> {
  const czxid = from.long();
  const mzxid = from.long();
  const ctime = from.long();
  const mtime = from.long();
  const version = from.int();
  const cversion = from.int();
  const aversion = from.int();
  const ephemeralOwner = from.long();
  const pzxid = from.long();
  return { czxid, mzxid, ctime, mtime, version, cversion, aversion, ephemeralOwner, pzxid };
}
