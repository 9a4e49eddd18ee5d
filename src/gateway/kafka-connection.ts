/** One socket of a real client, and its connection in the world. */
import type { Socket } from 'node:net';
import type { OutsideClient } from '../cluster/outside.ts';
import type { CloseReason } from '../kernel/api.ts';
import type { Input } from '../scenario/journal.ts';
import { FrameSplitter } from './frames.ts';
import { landing } from './landing.ts';

/** Requests of one connection that may be in the world at a time. A broker works on one; the rest cover the way there. */
const MOST_IN_WORLD = 8;
const MOST_BYTES_IN_WORLD = 8 * 1024 * 1024;
/** Answers that wait for the client to read them; while there are more, its requests wait too. */
const MOST_UNREAD_BYTES = 1024 * 1024;
/** Frames up to this size are copied behind their length, so that a socket is given one piece. */
const COPIED_BYTES = 16 * 1024;
/** How long the rest of the answers may take to leave after the broker has closed. */
const LINGER_MS = 30_000;

/** What a connection asks of the gate that it came through. */
export interface ConnectionGate {
  /** The largest request, in bytes (`socket.request.max.bytes`). */
  readonly mostRequestBytes: number;
  /** Nothing is to be handed in now: the world stands still. */
  readonly closed: boolean;
  /** Hands something into the world now; false: there is no world any more. */
  inject(input: Input, client?: OutsideClient): boolean;
  /** Has `flush` called when the present slice of the world is over. */
  dirty(connection: KafkaConnection): void;
  /** Nothing more comes of it. */
  forget(connection: KafkaConnection): void;
}

export interface ConnectionPlace {
  readonly number: number;
  readonly broker: string;
  readonly listener: string;
  /** The socket was accepted in this very turn: nothing of it was read. */
  readonly isFresh: boolean;
}

export class KafkaConnection implements OutsideClient {
  readonly number: number;
  readonly #socket: Socket;
  readonly #gate: ConnectionGate;
  readonly #splitter: FrameSplitter;
  /** Sizes of the requests that are in the world, oldest first. */
  readonly #inWorld: number[] = [];
  #bytesInWorld = 0;
  /** Answers that came in this slice. */
  #outbox: Uint8Array[] = [];
  #outboxBytes = 0;
  #lastAnswerBytes = 0;
  /** How the world ended it. */
  #ending: CloseReason | undefined;
  /** The world hears no more of this connection: it or the client ended it. */
  #over = false;
  /** The client sends nothing more (FIN). */
  #finished = false;
  /** Its requests wait for answers to leave. */
  #stalled = false;

  constructor(accepted: Socket, gate: ConnectionGate, { number, broker, listener, isFresh }: ConnectionPlace) {
    this.number = number;
    this.#gate = gate;
    this.#splitter = new FrameSplitter(gate.mostRequestBytes);
    const socket = landing(accepted, isFresh, (bytes) => this.#came(bytes));
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('end', () => {
      this.#finished = true;
      if (!this.#over && this.#inWorld.length > 0) gate.inject({ kind: 'shut', connection: number });
      this.pump();
    });
    socket.on('drain', () => this.pump());
    // The reason comes with `close`, which always follows.
    socket.on('error', () => {});
    socket.on('close', (failed) => {
      this.#leave(failed ? 'abort' : 'finish');
      gate.forget(this);
    });
    gate.inject({ kind: 'open', connection: number, broker, listener }, this);
  }

  onResponse(frame: Uint8Array): void {
    this.#left();
    this.#outbox.push(frame);
    this.#outboxBytes += frame.length;
    this.#lastAnswerBytes = frame.length;
    this.#gate.dirty(this);
  }

  onTaken(): void {
    this.#left();
    this.#gate.dirty(this);
  }

  onEnd(reason: CloseReason): void {
    this.#ending = reason;
    this.#over = true;
    this.#gate.dirty(this);
  }

  /** Gives the socket what the world has answered, and takes what there is room for again. */
  flush(): void {
    const socket = this.#socket;
    if (socket.destroyed || !socket.writable) return;
    this.#write();
    if (this.#ending === undefined) this.pump();
    else if (this.#ending === 'closed') this.#close();
    else reset(socket);
  }

  /** Hands in what has come, as far as there is room; reads on when all of it is in. */
  pump(): void {
    const gate = this.#gate;
    while (!this.#over && this.#hasRoom() && !gate.closed) {
      const frame = this.#splitter.next();
      if (frame === null) return this.#readOn();
      if (typeof frame === 'string') return this.#refuse(frame);
      this.#inWorld.push(frame.length);
      this.#bytesInWorld += frame.length;
      gate.inject({ kind: 'frame', connection: this.number, frame });
    }
    if (!this.#over) this.#socket.pause();
  }

  /**
   * Everything that came is in. A broker looks at a channel again when it has answered the request that it took from it: only then it
   * finds that the client has closed its side, and closes too.
   */
  #readOn(): void {
    if (!this.#finished) this.#socket.resume();
    else if (this.#inWorld.length === 0) this.#leave('finish');
  }

  /** The process that the cluster lives in ends. */
  destroy(): void {
    this.#over = true;
    this.#socket.destroy();
  }

  #came(chunk: Uint8Array): void {
    if (this.#over) return;
    this.#splitter.add(chunk);
    this.pump();
  }

  #hasRoom(): boolean {
    const { length } = this.#inWorld;
    if (length >= MOST_IN_WORLD || this.#bytesInWorld >= MOST_BYTES_IN_WORLD) return false;
    // Answers to come are taken to be as large as the last one.
    const unread = this.#socket.writableLength + this.#outboxBytes + length * this.#lastAnswerBytes;
    this.#stalled = unread >= MOST_UNREAD_BYTES;
    return !this.#stalled;
  }

  #left(): void {
    this.#bytesInWorld -= this.#inWorld.shift() ?? 0;
  }

  #write(): void {
    const frames = this.#outbox;
    if (frames.length === 0) return;
    this.#outbox = [];
    this.#outboxBytes = 0;
    const socket = this.#socket;
    socket.cork();
    for (const frame of frames) {
      const copied = frame.length <= COPIED_BYTES;
      const head = Buffer.allocUnsafe(copied ? 4 + frame.length : 4);
      head.writeInt32BE(frame.length);
      if (copied) head.set(frame, 4);
      socket.write(head, copied ? this.#written : undefined);
      if (!copied) socket.write(frame, this.#written);
    }
    socket.uncork();
  }

  readonly #written = (): void => {
    if (this.#stalled && this.#socket.writableLength === 0) this.pump();
  };

  #refuse(reason: string): void {
    this.#over = true;
    this.#gate.inject({ kind: 'refuse', connection: this.number, reason });
    this.#socket.destroy();
  }

  #leave(kind: 'finish' | 'abort'): void {
    if (this.#over) return;
    this.#over = true;
    this.#gate.inject({ kind, connection: this.number });
    // What was answered in this very slice has not been flushed yet.
    if (kind === 'finish' && this.#socket.writable) this.#write();
    this.#socket.end();
  }

  #close(): void {
    const socket = this.#socket;
    socket.setTimeout(LINGER_MS, () => socket.destroy());
    socket.resume();
    socket.end(() => socket.destroy());
  }
}

/** A socket with TLS cannot be reset itself; what is under it can. */
function reset(socket: Socket): void {
  const under = (socket as Socket & { readonly _parent?: Socket })._parent;
  if (!('encrypted' in socket)) socket.resetAndDestroy();
  else if (under === undefined) socket.destroy();
  else under.resetAndDestroy();
}
