/**
 * What the ensemble agrees on, one after another. A txn is a resolved change: sequence numbers, versions and child counters
 * are already in it, so that applying it needs no decision and applying it again does no harm.
 */
import type { Acl, AclList } from './acl.ts';
import type { OpCode } from './codes.ts';

/**
 * How long a znode without an owner lasts: until it is deleted; until it has lost its last child (a container); or, in milliseconds, so
 * long after its last change, if it has no child then (a TTL). Whether it is over is looked at once a minute.
 */
export type Lifetime = 'persistent' | 'container' | number;

export interface CreateTxn {
  readonly type: typeof OpCode.create;
  readonly path: string;
  readonly data: Uint8Array | null;
  readonly ephemeral: boolean;
  /** The parent's count of creations, this one included. */
  readonly parentCVersion: number;
  readonly acl: AclList;
  readonly lifetime: Lifetime;
}
export interface DeleteTxn {
  readonly type: typeof OpCode.delete;
  readonly path: string;
}
export interface SetDataTxn {
  readonly type: typeof OpCode.setData;
  readonly path: string;
  readonly data: Uint8Array | null;
  readonly version: number;
}
export interface SetAclTxn {
  readonly type: typeof OpCode.setACL;
  readonly path: string;
  readonly acl: readonly Acl[];
  readonly version: number;
}
export interface CheckVersionTxn {
  readonly type: typeof OpCode.check;
  readonly path: string;
  readonly version: number;
}
/** A request that failed; it takes a zxid all the same. Within a failed multi: one for each of its operations. */
export interface ErrorTxn {
  readonly type: typeof OpCode.error;
  readonly err: number;
}
export interface CreateSessionTxn {
  readonly type: typeof OpCode.createSession;
  readonly timeOut: number;
}
/** Ends the session of the header, with all its ephemerals. */
export interface CloseSessionTxn {
  readonly type: typeof OpCode.closeSession;
  readonly paths2Delete: readonly string[];
}
export type OpTxn = CreateTxn | DeleteTxn | SetDataTxn | SetAclTxn | CheckVersionTxn | ErrorTxn;
export interface MultiTxn {
  readonly type: typeof OpCode.multi;
  /** All of them changes, or all of them errors. */
  readonly txns: readonly OpTxn[];
}
export type TxnBody = OpTxn | CreateSessionTxn | CloseSessionTxn | MultiTxn;

/** TxnHeader and record. */
export interface Txn {
  /** The session that asked. */
  readonly clientId: number;
  /** The xid that this session gave to its request. */
  readonly cxid: number;
  readonly zxid: number;
  /** The leader's wall clock, in milliseconds since 1970. */
  readonly time: number;
  readonly body: TxnBody;
}
