/**
 * What travels between a client and a server, and between servers. Plain objects whose fields have the names of the real
 * protocol's (jute) records; nothing in a message is changed after it was sent, for both ends see the same object.
 *
 * Not here: SASL and super users, local sessions, multiRead, reconfiguration, observers, read-only mode.
 */
import type { Acl, AclList, Identity } from './acl.ts';
import type { OpCode } from './codes.ts';
import type { Lifetime, Txn } from './txn.ts';

// ---- Client ↔ server ----------------------------------------------------------------------------------------------

export interface Stat {
  readonly czxid: number;
  readonly mzxid: number;
  readonly ctime: number;
  readonly mtime: number;
  readonly version: number;
  readonly cversion: number;
  readonly aversion: number;
  readonly ephemeralOwner: number;
  readonly dataLength: number;
  readonly numChildren: number;
  readonly pzxid: number;
}

/** First message of a client's connection. `sessionId` 0 asks for a new session. */
export interface ConnectRequest {
  readonly kind: 'connect';
  readonly protocolVersion: number;
  readonly lastZxidSeen: number;
  readonly timeOut: number;
  readonly sessionId: number;
  readonly passwd: Uint8Array;
  readonly readOnly: boolean;
}
/** `timeOut` 0: the session is over, or the password is wrong. */
export interface ConnectResponse {
  readonly kind: 'connect-response';
  readonly protocolVersion: number;
  readonly timeOut: number;
  readonly sessionId: number;
  readonly passwd: Uint8Array;
  readonly readOnly: boolean;
}

/** A create's `flags`: the first two are bits, the others stand alone (CreateMode). */
export const CreateFlag = {
  persistent: 0,
  ephemeral: 1,
  sequential: 2,
  container: 4,
  persistentWithTtl: 5,
  persistentSequentialWithTtl: 6,
} as const;

export interface CreateRequest {
  readonly type: typeof OpCode.create | typeof OpCode.create2 | typeof OpCode.createContainer | typeof OpCode.createTTL;
  readonly path: string;
  readonly data: Uint8Array | null;
  readonly flags: number;
  /** Left out: open to everybody. */
  readonly acl?: readonly Acl[];
  /** Of createTTL, in milliseconds. */
  readonly ttl?: number;
}
export interface DeleteRequest {
  readonly type: typeof OpCode.delete;
  readonly path: string;
  readonly version: number;
}
export interface SetDataRequest {
  readonly type: typeof OpCode.setData;
  readonly path: string;
  readonly data: Uint8Array | null;
  readonly version: number;
}
export interface CheckVersionRequest {
  readonly type: typeof OpCode.check;
  readonly path: string;
  readonly version: number;
}
export type MultiOp = CreateRequest | DeleteRequest | SetDataRequest | CheckVersionRequest;
export interface MultiRequest {
  readonly type: typeof OpCode.multi;
  readonly ops: readonly MultiOp[];
}
export interface SetAclRequest {
  readonly type: typeof OpCode.setACL;
  readonly path: string;
  readonly acl: readonly Acl[];
  /** Of the list; -1 is any. */
  readonly version: number;
}
export interface ReadRequest {
  readonly type: typeof OpCode.exists | typeof OpCode.getData | typeof OpCode.getChildren | typeof OpCode.getChildren2;
  readonly path: string;
  readonly watch: boolean;
}
/** Answered by the server alone, and watched by nobody. */
export interface LookRequest {
  readonly type: typeof OpCode.getACL | typeof OpCode.getEphemerals | typeof OpCode.getAllChildrenNumber;
  /** Of getEphemerals: the beginning of those that are meant. */
  readonly path: string;
}
export interface WhoAmIRequest {
  readonly type: typeof OpCode.whoAmI;
}
export const WatchMode = { persistent: 0, persistentRecursive: 1 } as const;
export interface AddWatchRequest {
  readonly type: typeof OpCode.addWatch;
  readonly path: string;
  /** Of `WatchMode`. */
  readonly mode: number;
}
export const WatcherType = { children: 1, data: 2, any: 3 } as const;
export interface RemoveWatchesRequest {
  readonly type: typeof OpCode.removeWatches;
  readonly path: string;
  /** Of `WatcherType`. */
  readonly watcherType: number;
}
export interface AuthRequest {
  readonly type: typeof OpCode.auth;
  readonly scheme: string;
  readonly auth: string;
}
export interface SyncRequest {
  readonly type: typeof OpCode.sync;
  readonly path: string;
}
export interface SetWatchesRequest {
  readonly type: typeof OpCode.setWatches | typeof OpCode.setWatches2;
  readonly relativeZxid: number;
  readonly dataWatches: readonly string[];
  readonly existWatches: readonly string[];
  readonly childWatches: readonly string[];
  /** Of setWatches2, as the next. */
  readonly persistentWatches?: readonly string[];
  readonly persistentRecursiveWatches?: readonly string[];
}
export interface PingRequest {
  readonly type: typeof OpCode.ping;
}
export interface CloseSessionRequest {
  readonly type: typeof OpCode.closeSession;
}
/** Made by a server for a client that connects; a client cannot send it. */
export interface CreateSessionRequest {
  readonly type: typeof OpCode.createSession;
  readonly timeOut: number;
}
/** Made by the leader: a container has lost its last child, or a znode has outlived its time. */
export interface DeleteContainerRequest {
  readonly type: typeof OpCode.deleteContainer;
  readonly path: string;
}
/** What only the leader may turn into a txn. */
export type WriteRequest =
  | CreateRequest
  | DeleteRequest
  | SetDataRequest
  | SetAclRequest
  | MultiRequest
  | DeleteContainerRequest
  | CreateSessionRequest
  | CloseSessionRequest;
export type ClientRequest =
  | CreateRequest
  | DeleteRequest
  | SetDataRequest
  | SetAclRequest
  | MultiRequest
  | ReadRequest
  | LookRequest
  | WhoAmIRequest
  | AddWatchRequest
  | RemoveWatchesRequest
  | AuthRequest
  | SyncRequest
  | SetWatchesRequest
  | PingRequest
  | CloseSessionRequest;

/** Special xids; all other replies of a connection come in the order of its requests. */
export const Xid = { notification: -1, ping: -2, auth: -4, setWatches: -8 } as const;

export interface RequestPacket {
  readonly kind: 'request';
  readonly xid: number;
  readonly request: ClientRequest;
}

/** Result of one operation of a multi; `err` is 0 for all of them, or for none behind the one that failed. */
export interface OpResult {
  readonly type: number;
  readonly err: number;
  readonly path: string | null;
  readonly stat: Stat | null;
}
/** The body of a reply; only what the operation returns is there. Absent when `err` is not 0. */
export interface ReplyBody {
  readonly path?: string;
  readonly data?: Uint8Array | null;
  readonly stat?: Stat;
  readonly children?: readonly string[];
  readonly results?: readonly OpResult[];
  readonly acl?: readonly Acl[];
  /** Of getEphemerals. */
  readonly ephemerals?: readonly string[];
  /** Of getAllChildrenNumber. */
  readonly total?: number;
  /** Of whoAmI. */
  readonly identities?: readonly Identity[];
}
export interface ReplyPacket {
  readonly kind: 'reply';
  readonly xid: number;
  /** Of this write; for anything else, of the last txn that the answering server has applied. */
  readonly zxid: number;
  readonly err: number;
  readonly body: ReplyBody | null;
}

export const EventType = { nodeCreated: 1, nodeDeleted: 2, nodeDataChanged: 3, nodeChildrenChanged: 4 } as const;
export type EventType = (typeof EventType)[keyof typeof EventType];

export interface WatcherEvent {
  readonly kind: 'event';
  readonly type: EventType;
  readonly path: string;
  /** The txn that fired it (3.9); -1 if it fired because of a reconnection. */
  readonly zxid: number;
}

export type ClientToServer = ConnectRequest | RequestPacket;
export type ServerToClient = ConnectResponse | ReplyPacket | WatcherEvent;

// ---- Election port ------------------------------------------------------------------------------------------------

export type ServerState = 'LOOKING' | 'FOLLOWING' | 'LEADING';

/** A vote that a server casts, or has cast. */
export interface Notification {
  readonly kind: 'notification';
  readonly state: ServerState;
  /** Whom it votes for. */
  readonly leader: number;
  readonly zxid: number;
  /** The round of voting, the sender's logical clock. */
  readonly electionEpoch: number;
  readonly peerEpoch: number;
}
/** First message of an election connection, from the server that opened it. */
export interface ElectionHello {
  readonly kind: 'election-hello';
  readonly sid: number;
}
export type ElectionMessage = ElectionHello | Notification;

// ---- Quorum port --------------------------------------------------------------------------------------------------

/** A client's write on its way to the leader. */
export interface ForwardedRequest {
  readonly sessionId: number;
  readonly cxid: number;
  readonly request: WriteRequest;
  /** What the client has shown to be; left out: nobody in particular. */
  readonly identities?: readonly Identity[];
}
export interface SessionTouch {
  readonly sessionId: number;
  readonly timeout: number;
}

/** The state of a server, as SNAP carries it and as a snapshot file holds it. Frozen when it was taken. */
export interface Snapshot {
  readonly zxid: number;
  readonly sessions: readonly SessionTouch[];
  readonly nodes: readonly SnapshotNode[];
}
export interface SnapshotNode {
  readonly path: string;
  readonly data: Uint8Array | null;
  readonly czxid: number;
  readonly mzxid: number;
  readonly ctime: number;
  readonly mtime: number;
  readonly version: number;
  readonly cversion: number;
  readonly aversion: number;
  readonly ephemeralOwner: number;
  readonly pzxid: number;
  readonly acl: AclList;
  readonly lifetime: Lifetime;
}

/** QuorumPacket, one case for each type. `zxid` means what it means in the real packet. */
export type QuorumPacket =
  /** zxid: the accepted epoch, shifted. */
  | { readonly type: 'FOLLOWERINFO'; readonly zxid: number; readonly sid: number }
  /** zxid: the proposed epoch, shifted. */
  | { readonly type: 'LEADERINFO'; readonly zxid: number }
  /** zxid: last logged; currentEpoch -1 if this epoch had been accepted before. */
  | { readonly type: 'ACKEPOCH'; readonly zxid: number; readonly currentEpoch: number }
  | { readonly type: 'DIFF'; readonly zxid: number }
  | { readonly type: 'TRUNC'; readonly zxid: number }
  | { readonly type: 'SNAP'; readonly zxid: number; readonly snapshot: Snapshot }
  | { readonly type: 'NEWLEADER'; readonly zxid: number }
  | { readonly type: 'UPTODATE'; readonly zxid: number }
  | { readonly type: 'PROPOSAL'; readonly zxid: number; readonly txn: Txn }
  | { readonly type: 'ACK'; readonly zxid: number }
  | { readonly type: 'COMMIT'; readonly zxid: number }
  /** From the leader empty; the answer reports the sessions heard of since the last one. */
  | { readonly type: 'PING'; readonly zxid: number; readonly sessions: readonly SessionTouch[] }
  | { readonly type: 'REQUEST'; readonly request: ForwardedRequest }
  /** To the leader: is this session alive? Back: with the answer. */
  | { readonly type: 'REVALIDATE'; readonly sessionId: number; readonly timeout: number; readonly valid: boolean }
  | { readonly type: 'SYNC'; readonly sessionId: number; readonly cxid: number };
