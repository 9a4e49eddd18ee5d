/** A server's connections to the other servers: the mesh in which they elect, and the lines between leader and followers. */
import type { CloseReason, Connection, ConnectionHandler, Context } from '../../../kernel/api.ts';
import type { ElectionMessage, Notification, QuorumPacket } from './messages.ts';

export const ELECTION_PORT = '3888';
export const QUORUM_PORT = '2888';
/** Give up an election connection that does not stand after this (cnxTimeout). */
const CONNECT_TIMEOUT_US = 5_000_000;

/** Who is who in the ensemble. */
export interface Directory {
  readonly sid: number;
  nodeOf(sid: number): string;
  sidOf(node: string): number | undefined;
}

/**
 * One connection for each pair of servers, kept if the one with the larger number opened it: a smaller one that dials says who it
 * is, hangs up, and is dialled back. Only the latest notification waits for a peer that cannot be reached. (QuorumCnxManager.)
 */
export class ElectionMesh {
  readonly #context: Context;
  readonly #directory: Directory;
  readonly #receive: (from: number, notification: Notification) => void;
  readonly #lines = new Map<number, Connection>();
  readonly #latest = new Map<number, Notification>();
  readonly #accepting: ConnectionHandler;
  readonly #dialling: ConnectionHandler;

  constructor(context: Context, directory: Directory, receive: (from: number, notification: Notification) => void) {
    this.#context = context;
    this.#directory = directory;
    this.#receive = receive;
    const onClose = (connection: Connection): void => this.#forget(connection);
    this.#accepting = { onMessage: (connection, message) => this.#onMessage(connection, message), onClose };
    this.#dialling = { ...this.#accepting, onOpen: (connection) => this.#onDialled(connection) };
    context.listen(ELECTION_PORT, this.#accepting);
  }

  notify(to: number, notification: Notification): void {
    this.#latest.set(to, notification);
    const line = this.#lines.get(to);
    if (line === undefined) this.#dial(to);
    else if (line.open) line.send(notification);
  }

  #dial(to: number): void {
    const line = this.#context.connect(this.#directory.nodeOf(to), ELECTION_PORT, this.#dialling);
    this.#lines.set(to, line);
    this.#context.after(CONNECT_TIMEOUT_US, (connection) => this.#giveUpDialling(connection), line);
  }

  #giveUpDialling(line: Connection): void {
    if (line.open) return;
    line.reset();
    this.#forget(line);
  }

  #onDialled(connection: Connection): void {
    const peer = this.#directory.sidOf(connection.remoteNode) ?? 0;
    const { sid } = this.#directory;
    connection.send({ kind: 'election-hello', sid } satisfies ElectionMessage);
    if (peer > sid) {
      connection.close();
      this.#forget(connection);
    } else {
      this.#sendLatest(peer, connection);
    }
  }

  #onMessage(connection: Connection, message: unknown): void {
    const packet = message as ElectionMessage;
    if (packet.kind === 'notification') {
      const from = this.#directory.sidOf(connection.remoteNode);
      if (from !== undefined) this.#receive(from, packet);
      return;
    }
    const { sid } = packet;
    const known = this.#lines.get(sid);
    if (sid < this.#directory.sid) {
      connection.close();
      // A line that is being opened will do; one that stood is dead, or its peer would not dial.
      if (known !== undefined && !known.open) return;
      known?.close();
      this.#dial(sid);
    } else {
      known?.close();
      this.#lines.set(sid, connection);
      this.#sendLatest(sid, connection);
    }
  }

  /** Said again on every new line, since nobody knows what the old one swallowed. */
  #sendLatest(to: number, connection: Connection): void {
    const notification = this.#latest.get(to);
    if (notification !== undefined) connection.send(notification);
  }

  #forget(connection: Connection): void {
    for (const [sid, line] of this.#lines) if (line === connection) this.#lines.delete(sid);
  }
}

export interface QuorumEvents {
  connected(peer: number): void;
  disconnected(peer: number): void;
  packet(from: number, packet: QuorumPacket): void;
}

/** Followers dial their leader; a server listens only while it leads. */
export class QuorumLines {
  readonly #context: Context;
  readonly #directory: Directory;
  readonly #events: QuorumEvents;
  readonly #lines = new Map<number, Connection>();
  readonly #accepting: ConnectionHandler;
  readonly #dialling: ConnectionHandler;
  #listener: { close(): void } | null = null;

  constructor(context: Context, directory: Directory, events: QuorumEvents) {
    this.#context = context;
    this.#directory = directory;
    this.#events = events;
    const onMessage = (connection: Connection, message: unknown): void => this.#onMessage(connection, message);
    const onClose = (connection: Connection, _reason: CloseReason): void => this.#onClose(connection);
    this.#accepting = { onOpen: (connection) => this.#onAccepted(connection), onMessage, onClose };
    this.#dialling = { onOpen: (connection) => this.#onDialled(connection), onMessage, onClose };
  }

  listen(): void {
    this.#listener ??= this.#context.listen(QUORUM_PORT, this.#accepting);
  }

  connect(to: number): void {
    this.#lines.set(to, this.#context.connect(this.#directory.nodeOf(to), QUORUM_PORT, this.#dialling));
  }

  send(to: number, packet: QuorumPacket): void {
    this.#lines.get(to)?.send(packet);
  }

  disconnect(peer: number): void {
    this.#lines.get(peer)?.close();
    this.#lines.delete(peer);
  }

  closeAll(): void {
    this.#listener?.close();
    this.#listener = null;
    for (const line of this.#lines.values()) line.close();
    this.#lines.clear();
  }

  #peerOf(connection: Connection): number | null {
    const peer = this.#directory.sidOf(connection.remoteNode);
    return peer !== undefined && this.#lines.get(peer) === connection ? peer : null;
  }

  #onAccepted(connection: Connection): void {
    const peer = this.#directory.sidOf(connection.remoteNode);
    if (peer === undefined) {
      connection.close();
      return;
    }
    const stale = this.#lines.get(peer);
    this.#lines.set(peer, connection);
    if (stale === undefined) return;
    stale.close();
    this.#events.disconnected(peer);
  }

  #onDialled(connection: Connection): void {
    const peer = this.#peerOf(connection);
    if (peer !== null) this.#events.connected(peer);
  }

  #onMessage(connection: Connection, message: unknown): void {
    const from = this.#peerOf(connection);
    if (from !== null) this.#events.packet(from, message as QuorumPacket);
  }

  #onClose(connection: Connection): void {
    const peer = this.#peerOf(connection);
    if (peer === null) return;
    this.#lines.delete(peer);
    this.#events.disconnected(peer);
  }
}
