/** The listeners of all brokers on the host: they follow the brokers' processes, and lead real clients into the world. */
import type { Socket } from 'node:net';
import type { Cluster } from '../cluster/cluster.ts';
import { brokerNode, type ListenerOptions } from '../cluster/options.ts';
import type { OutsideClient } from '../cluster/outside.ts';
import type { Input } from '../scenario/journal.ts';
import { BrokerPort, type ListenError } from './broker-port.ts';
import { type ConnectionGate, KafkaConnection } from './kafka-connection.ts';
import type { Certificate } from './tls-certificate.ts';

export interface ListenerRequest {
  readonly name: string;
  readonly securityProtocol: ListenerOptions['securityProtocol'];
  /** What is bound. */
  readonly host: string;
  /** Of the first broker, the next ones take the next; 0: any free ones. A list: of each broker. */
  readonly port: number | readonly number[];
}

const usesTls = ({ securityProtocol }: Pick<ListenerRequest, 'securityProtocol'>): boolean =>
  securityProtocol.endsWith('SSL');

/** What brokers advertise where clients may come by any address of this machine. */
const WILDCARDS = ['0.0.0.0', '::'];
const LOOPBACKS = ['127.0.0.1', '::1', 'localhost'];

function portOf(port: ListenerRequest['port'], broker: number): number {
  if (typeof port === 'number') return port === 0 ? 0 : port + broker;
  return port[broker] ?? 0;
}

/** How connections reach the world. */
export type WorldGate = Pick<ConnectionGate, 'mostRequestBytes' | 'closed' | 'inject'> & {
  /** Nobody may come in: the world is in its past. */
  readonly barred: boolean;
};

/** Ports that are open before there is a cluster: what they are called enters the world as its configuration. */
export class KafkaListeners implements ConnectionGate {
  /** As the cluster's options have them. */
  readonly options: readonly ListenerOptions[];
  readonly #ports: readonly (readonly BrokerPort[])[];
  readonly #connections = new Set<KafkaConnection>();
  readonly #dirty = new Set<KafkaConnection>();
  #early: { readonly socket: Socket; readonly broker: number; readonly listener: string }[] = [];
  #gate: WorldGate | undefined;
  #brokers: readonly string[] = [];
  #count = 0;

  private constructor(requests: readonly ListenerRequest[], ports: readonly (readonly BrokerPort[])[]) {
    this.#ports = ports;
    this.options = requests.map(({ name, securityProtocol, host }, index) => ({
      name,
      securityProtocol,
      host: advertised(host),
      ports: ports[index]!.map(({ port }) => port),
    }));
  }

  /** Opens every port, or none. Rejects with `ListenError`. */
  static async open(
    requests: readonly ListenerRequest[],
    brokers: number,
    { onTrouble, certificate }: { onTrouble: (error: ListenError) => void; certificate?: Certificate | undefined },
  ): Promise<KafkaListeners> {
    const secure = certificate === undefined ? undefined : (await import('./tls.ts')).securing(certificate);
    if (secure === undefined && requests.some(usesTls)) throw new Error('a listener with TLS needs a certificate');
    const ports: BrokerPort[][] = [];
    const box: { listeners: KafkaListeners | undefined } = { listeners: undefined };
    try {
      for (const request of requests) {
        const { name, host, port } = request;
        const isSecure = usesTls(request);
        const row: BrokerPort[] = [];
        ports.push(row);
        for (let broker = 0; broker < brokers; broker++) {
          const accept = (socket: Socket) => {
            if (box.listeners === undefined) socket.destroy();
            else if (!isSecure) box.listeners.#accept(socket, broker, name);
            else secure?.(socket, (secured) => box.listeners!.#accept(secured, broker, name));
          };
          row.push(await BrokerPort.open({ host, port: portOf(port, broker), accept, onTrouble }));
        }
      }
    } catch (thrown) {
      for (const row of ports) for (const port of row) port.shut();
      throw thrown;
    }
    box.listeners = new KafkaListeners(requests, ports);
    return box.listeners;
  }

  /** `host:port` of every broker of a listener. */
  addresses(listener = 0): readonly string[] {
    const { host, ports } = this.options[listener]!;
    return ports.map((port) => `${host.includes(':') ? `[${host}]` : host}:${port}`);
  }

  get connections(): number {
    return this.#connections.size;
  }

  get mostRequestBytes(): number {
    return this.#gate!.mostRequestBytes;
  }

  get closed(): boolean {
    return this.#gate!.closed;
  }

  inject(input: Input, client?: OutsideClient): boolean {
    return this.#gate!.inject(input, client);
  }

  dirty(connection: KafkaConnection): void {
    this.#dirty.add(connection);
  }

  forget(connection: KafkaConnection): void {
    this.#connections.delete(connection);
    this.#dirty.delete(connection);
  }

  /** From here on clients reach the cluster, and the ports follow its processes. */
  attach(cluster: Cluster, gate: WorldGate): void {
    this.#brokers = cluster.options.brokers.map(({ id }) => brokerNode(id));
    this.#gate = gate;
    for (const [index, name] of this.#brokers.entries()) {
      const { control } = cluster.nodes.get(name)!;
      const follow = (): void => {
        // A machine that is off answers nothing, not even a refusal: what its port accepts here stays unheard.
        for (const row of this.#ports)
          if (control.state === 'stopped') row[index]!.shut();
          else row[index]!.reopen();
      };
      control.onStateChange(follow);
      follow();
    }
    const early = this.#early;
    this.#early = [];
    for (const { socket, broker, listener } of early)
      if (!socket.destroyed) this.#connect(socket, broker, listener, false);
  }

  /** Gives every socket what the world has answered. */
  flush(): void {
    if (this.#dirty.size === 0) return;
    const dirty = [...this.#dirty];
    this.#dirty.clear();
    for (const connection of dirty) connection.flush();
  }

  /** The world runs again after a pause. */
  resume(): void {
    for (const connection of this.#connections) connection.pump();
  }

  /** Breaks every connection; the world is not told. */
  disconnect(): void {
    for (const connection of this.#connections) connection.destroy();
  }

  /** Closes every port and every connection. */
  close(): void {
    for (const row of this.#ports) for (const port of row) port.shut();
    this.disconnect();
    for (const { socket } of this.#early) socket.destroy();
  }

  #accept(socket: Socket, broker: number, listener: string): void {
    if (this.#gate === undefined) {
      socket.on('error', () => {});
      this.#early.push({ socket, broker, listener });
    } else this.#connect(socket, broker, listener, true);
  }

  #connect(socket: Socket, broker: number, listener: string, isFresh: boolean): void {
    if (this.#gate?.barred === true) {
      socket.on('error', () => {});
      socket.destroy();
      return;
    }
    this.#count += 1;
    const place = { number: this.#count, broker: this.#brokers[broker]!, listener, isFresh };
    this.#connections.add(new KafkaConnection(socket, this, place));
  }
}

function advertised(host: string): string {
  return LOOPBACKS.includes(host) || WILDCARDS.includes(host) ? 'localhost' : host;
}
