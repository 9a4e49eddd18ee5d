/** The one door through which the host reaches into a world: live, and again when a journal is replayed. */
import { listenerPort } from '../broker/listeners.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { OutsideClient, OutsideConnection } from '../cluster/outside.ts';
import type { Reply, Session } from '../tools/session.ts';
import type { Input } from './journal.ts';

/** Told of each input before it takes effect. */
export type InputListener = (atUs: number, input: Input) => void;

export class Inputs {
  readonly #cluster: Cluster;
  readonly #session: Session;
  readonly #listener: InputListener;
  readonly #connections = new Map<number, OutsideConnection>();

  constructor(cluster: Cluster, session: Session, listener: InputListener) {
    this.#cluster = cluster;
    this.#session = session;
    this.#listener = listener;
  }

  /**
   * Applies an input at the world's present, of which nothing may be left to do. `client` hears of the connection that is opened,
   * `answered` what came of a line.
   */
  apply(input: Input, client?: OutsideClient, answered: (reply: Reply) => void = () => {}): void {
    const { world } = this.#cluster;
    this.#listener(world.nowUs, input);
    switch (input.kind) {
      case 'open':
        this.#open(input, client ?? DEAF);
        return;
      case 'frame':
        this.#connections.get(input.connection)?.send(input.frame);
        return;
      case 'refuse':
        this.#take(input.connection)?.refuse(input.reason);
        return;
      case 'shut':
        this.#connections.get(input.connection)?.shut();
        return;
      case 'finish':
        this.#take(input.connection)?.finish();
        return;
      case 'abort':
        this.#take(input.connection)?.abort();
        return;
      case 'line':
        this.#session.execute(input.text, answered);
        // A line sets the cause of what it does; the next input has none.
        world.cause = 0;
        return;
    }
  }

  /** The connections of real clients that no input has ended. */
  get open(): readonly number[] {
    return [...this.#connections.keys()];
  }

  #open({ connection, broker, listener }: Extract<Input, { kind: 'open' }>, client: OutsideClient): void {
    const { outside } = this.#cluster;
    if (outside === undefined) return;
    this.#connections.set(connection, outside.open(broker, listenerPort(listener), client));
  }

  #take(connection: number): OutsideConnection | undefined {
    const found = this.#connections.get(connection);
    this.#connections.delete(connection);
    return found;
  }
}

/** In a replay nobody is there. */
const DEAF: OutsideClient = { onResponse() {}, onTaken() {}, onEnd() {} };
