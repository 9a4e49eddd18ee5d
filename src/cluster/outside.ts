/**
 * The world's side of real clients. One node stands for all of them: its connections go to the brokers' ports like those of any
 * client, so that whatever happens to a machine, a process or a link here is what a real socket sees out there. Nothing of the
 * host enters through it but what somebody hands over (`open`, `send`, `finish`, `abort`), each at a moment of virtual time.
 */
import type { CloseReason, Connection, ConnectionHandler, Context } from '../kernel/api.ts';
import type { Witness } from '../rpc/api.ts';
import { sizeOfMessage, TAKEN, WitnessedFrame } from '../rpc/messages.ts';
import { outsideEvents } from './outside-events.ts';
import { Waiting } from './outside-waiting.ts';

export const OUTSIDE_NODE = 'outside';

/** Who is told what becomes of a connection. Called within a step of the world: it may take note, and must not act back. */
export interface OutsideClient {
  /** A whole response, without its length. */
  onResponse(frame: Uint8Array): void;
  /** A request that wants no answer was taken in: there is room for another. */
  onTaken(): void;
  /** The connection is over for this end; not called after `finish` or `abort`. */
  onEnd(reason: CloseReason): void;
}

/** One connection of a real client, on its way through the world. */
export interface OutsideConnection {
  /** Its number in the trace. */
  readonly id: number;
  /** A whole request, without its length. It belongs to the world from here on. */
  send(frame: Uint8Array): void;
  /** What came is no request: says why, and closes. */
  refuse(reason: string): void;
  /** The client sends nothing more (FIN), although it waits for answers. */
  shut(): void;
  /** Orderly (FIN): what was sent before still arrives. */
  finish(): void;
  /** Abrupt (RST). */
  abort(): void;
}

export class Outside {
  readonly #witness: Witness;
  #context: Context | undefined;

  constructor(witness: Witness) {
    this.#witness = witness;
  }

  /** The program of the node `outside`. */
  readonly program = (context: Context) => {
    this.#context = context;
    return {};
  };

  /** A real client connects to a port of a broker's node. */
  open(broker: string, port: string, client: OutsideClient): OutsideConnection {
    const context = this.#context!;
    const waiting = new Waiting(context);
    const handler = new OutsideHandler(context, this.#witness, client, waiting);
    return new Passage(context, context.connect(broker, port, handler), waiting);
  }
}

class Passage implements OutsideConnection {
  readonly id: number;
  readonly #context: Context;
  readonly #connection: Connection;
  readonly #waiting: Waiting;

  constructor(context: Context, connection: Connection, waiting: Waiting) {
    this.#context = context;
    this.id = connection.id;
    this.#connection = connection;
    this.#waiting = waiting;
  }

  send(frame: Uint8Array): void {
    this.#waiting.sent(frame);
    this.#connection.send(frame);
  }

  refuse(reason: string): void {
    const { id, remoteNode } = this.#connection;
    this.#context.emit(outsideEvents['client-bytes-refused'], [id, remoteNode, reason]);
    this.#connection.close();
  }

  shut(): void {
    this.#waiting.gaveUp(this.#connection.remoteNode);
  }

  finish(): void {
    this.#waiting.gaveUp(this.#connection.remoteNode);
    this.#connection.close();
  }

  abort(): void {
    this.#waiting.gaveUp(this.#connection.remoteNode);
    this.#connection.reset();
  }
}

class OutsideHandler implements ConnectionHandler {
  readonly #context: Context;
  readonly #witness: Witness;
  readonly #client: OutsideClient;
  readonly #waiting: Waiting;

  constructor(context: Context, witness: Witness, client: OutsideClient, waiting: Waiting) {
    this.#context = context;
    this.#witness = witness;
    this.#client = client;
    this.#waiting = waiting;
  }

  onMessage(_connection: Connection, message: unknown): void {
    this.#waiting.answered();
    if (message instanceof Uint8Array) this.#client.onResponse(message);
    else if (message instanceof WitnessedFrame) {
      this.#witness.arrived(this.#context, message.testimony);
      this.#client.onResponse(message.bytes);
    } else if (message === TAKEN) this.#client.onTaken();
  }

  onClose({ remoteNode }: Connection, reason: CloseReason): void {
    this.#waiting.ended(remoteNode, reason);
    this.#client.onEnd(reason);
  }

  sizeOf(message: unknown): number {
    return sizeOfMessage(message);
  }
}
