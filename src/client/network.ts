import type { Chance, Context } from '../kernel/api.ts';
import { errorName } from '../protocol/errors.ts';
import { backoffUs } from '../rpc/backoff.ts';
import { BrokerConnection, type ConnectionOwner } from './connection.ts';
import type { ClientEnvironment, NetworkSettings } from './environment.ts';
import { clientEvents } from './events.ts';
import { Metadata } from './metadata.ts';
import { MetadataRefresher, type RefresherHost } from './metadata-refresher.ts';

/** A consumer's connection to its coordinator is not the one that it fetches over; its id counts down from here. */
const COORDINATOR_BASE = 0x7fff_ffff;

/**
 * What every client has: connections to the brokers that it knows, and metadata that says which those are (Java's
 * NetworkClient and Metadata). Whoever waits for something to change here listens with `onChange`.
 */
export class ClientNetwork implements ConnectionOwner, RefresherHost {
  readonly context: Context;
  readonly environment: ClientEnvironment;
  readonly settings: NetworkSettings;
  readonly metadata: Metadata;
  readonly refresher: MetadataRefresher;
  private readonly connections = new Map<number, BrokerConnection>();
  private readonly chance: Chance;
  private readonly listeners: (() => void)[] = [];
  private closed = false;
  private features = { epoch: -1, transactionVersion: 0 };

  constructor(context: Context, environment: ClientEnvironment, settings: NetworkSettings) {
    this.context = context;
    this.environment = environment;
    this.settings = settings;
    this.metadata = new Metadata(environment.bootstrap);
    this.chance = context.chance('network');
    this.refresher = new MetadataRefresher(this);
  }

  /** Called when a connection became ready or was lost, or may be tried again, and when metadata came. */
  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** The connection to a node of the metadata; undefined if no such node is known. */
  connectionTo(nodeId: number): BrokerConnection | undefined {
    return this.connection(nodeId, nodeId);
  }

  /** The connection of its own over which a node is spoken to as a coordinator. */
  coordinatorConnection(nodeId: number): BrokerConnection | undefined {
    return this.connection(COORDINATOR_BASE - nodeId, nodeId);
  }

  /** A connection that takes a request now, to the least busy node; null while there is none, and one may be being made. */
  leastLoaded(): BrokerConnection | null {
    const candidate = this.leastLoadedCandidate();
    if (candidate === null || candidate.canSend) return candidate;
    candidate.connect();
    return null;
  }

  /** The cluster's `transaction.version`, as far as this client knows and can speak it. */
  get transactionVersion(): number {
    return this.environment.release === '3.9' ? 0 : this.features.transactionVersion;
  }

  /** Whether there is any node that could be asked, now or when its connection stands. */
  get reachable(): boolean {
    return this.leastLoadedCandidate() !== null;
  }

  /** Back to the bootstrap addresses. Connections to them keep their back-off. */
  rebootstrap(): void {
    this.context.emit(clientEvents['client-rebootstrapped'], []);
    this.metadata.forgetCluster();
    for (const [id, connection] of [...this.connections]) {
      if (id < 0) continue;
      connection.close();
      this.connections.delete(id);
    }
  }

  /** Kafka's exponential back-off between tries of the same thing, with its jitter, in microseconds. */
  retryBackoffUs(failures: number): number {
    return backoffUs(this.settings.retryBackoffMs, this.settings.retryBackoffMaxMs, failures, this.chance);
  }

  pickBelow(bound: number): number {
    return this.chance.below(bound);
  }

  /** Enters an error that an answer or a failure carried into the trace. */
  sawError(api: string, error: number, partition: string | null, broker: number | null): void {
    // What is lost by closing is no news.
    if (this.closed) return;
    this.context.emit(clientEvents['client-error-seen'], [api, errorName(error), partition, broker]);
  }

  close(): void {
    this.closed = true;
    this.refresher.close();
    for (const connection of this.connections.values()) connection.close();
  }

  onReady({ features }: BrokerConnection): void {
    if (features.epoch >= this.features.epoch) this.features = features;
    this.changed();
  }

  onLost(_connection: BrokerConnection): void {
    if (this.closed) return;
    this.refresher.request();
    this.changed();
  }

  onConnectable(_connection: BrokerConnection): void {
    this.changed();
  }

  /** Tells everybody who waits. */
  changed(): void {
    if (this.closed) return;
    this.refresher.run();
    for (let i = 0; i < this.listeners.length; i++) this.listeners[i]!();
  }

  private connection(id: number, nodeId: number): BrokerConnection | undefined {
    const node = this.metadata.nodes.get(nodeId);
    const known = this.connections.get(id);
    if (node === undefined) return undefined;
    if (known !== undefined && known.address.host === node.host && known.address.port === node.port) return known;
    known?.close();
    const { context, environment, settings } = this;
    const made = new BrokerConnection({ context, environment, settings, owner: this }, id, node);
    this.connections.set(id, made);
    return made;
  }

  /** NetworkClient.leastLoadedNode: idle and ready, else ready, else being connected, else untried for longest. */
  private leastLoadedCandidate(): BrokerConnection | null {
    const ids = [...this.metadata.nodes.keys()];
    if (ids.length === 0) return null;
    const start = this.chance.below(ids.length);
    let ready: BrokerConnection | null = null;
    let connecting: BrokerConnection | null = null;
    let connectable: BrokerConnection | null = null;
    for (let i = 0; i < ids.length; i++) {
      const connection = this.connectionTo(ids[(start + i) % ids.length]!)!;
      if (connection.canSend) {
        if (connection.inFlight === 0) return connection;
        if (ready === null || connection.inFlight < ready.inFlight) ready = connection;
      } else if (connection.state === 'connecting') connecting = connection;
      else if (connection.connectable) {
        if (connectable === null || connection.lastAttemptUs < connectable.lastAttemptUs) connectable = connection;
      }
    }
    return ready ?? connecting ?? connectable;
  }
}
