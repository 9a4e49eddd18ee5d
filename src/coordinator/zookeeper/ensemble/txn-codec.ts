/** Txns as bytes, in the layout of ZooKeeper's own files (without the digests that newer versions add). */
import { MalformedMessage } from '../../../protocol/wire-error.ts';
import { type Acl, type AclList, listed, Perms } from './acl.ts';
import { OpCode } from './codes.ts';
import { JuteReader, JuteWriter } from './jute.ts';
import type { OpTxn, Txn, TxnBody } from './txn.ts';

export function encodeTxn(txn: Txn): Uint8Array {
  const out = new JuteWriter();
  out.long(txn.clientId);
  out.int(txn.cxid);
  out.long(txn.zxid);
  out.long(txn.time);
  out.int(typeOf(txn.body));
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
        out.int(typeOf(op));
        out.buffer(inner.take());
      }
      break;
    default:
      writeOp(out, body);
  }
}

/** Three types of txn create a znode; here they are one. */
function typeOf(body: TxnBody): number {
  if (body.type !== OpCode.create || body.lifetime === 'persistent') return body.type;
  return body.lifetime === 'container' ? OpCode.createContainer : OpCode.createTTL;
}

function writeOp(out: JuteWriter, op: OpTxn): void {
  switch (op.type) {
    case OpCode.create:
      out.ustring(op.path);
      out.buffer(op.data);
      writeAcl(out, listed(op.acl));
      if (op.lifetime === 'persistent') out.byte(op.ephemeral ? 1 : 0);
      out.int(op.parentCVersion);
      if (typeof op.lifetime === 'number') out.long(op.lifetime);
      break;
    case OpCode.setACL:
      out.ustring(op.path);
      writeAcl(out, op.acl);
      out.int(op.version);
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
    case OpCode.create:
    case OpCode.createContainer:
    case OpCode.createTTL: {
      const path = from.ustring();
      const data = from.buffer();
      const acl = readAcl(from);
      const ephemeral = type === OpCode.create && from.byte() === 1;
      const parentCVersion = from.int();
      const lifetime =
        type === OpCode.createTTL ? from.long() : type === OpCode.createContainer ? 'container' : 'persistent';
      return { type: OpCode.create, path, data, ephemeral, parentCVersion, acl, lifetime };
    }
    case OpCode.setACL: {
      const path = from.ustring();
      const acl = listed(readAcl(from));
      return { type, path, acl, version: from.int() };
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

export function writeAcl(out: JuteWriter, acl: readonly Acl[]): void {
  out.int(acl.length);
  for (const { perms, scheme, id } of acl) {
    out.int(perms);
    out.ustring(scheme);
    out.ustring(id);
  }
}

/** Undefined for the list that is open to everybody. */
export function readAcl(from: JuteReader): AclList {
  const acl = Array.from({ length: from.count(12) }, (): Acl => {
    const perms = from.int();
    const scheme = from.ustring();
    return { perms, scheme, id: from.ustring() };
  });
  const [only] = acl;
  return acl.length === 1 && only?.scheme === 'world' && only.perms === Perms.all ? undefined : acl;
}
