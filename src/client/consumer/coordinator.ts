import { FindCoordinator, type FindCoordinatorResponse } from '../../protocol/apis/10-find-coordinator.ts';
import { ErrorCode, isRetriable } from '../../protocol/errors.ts';
import { type BrokerConnection, failureCode, type RequestFailure } from '../connection.ts';
import { clientEvents } from '../events.ts';
import type { ClientNetwork } from '../network.ts';

const KEY_TYPE = { group: 0, transaction: 1 } as const;
/** From here on several coordinators are asked for at once. */
const FIRST_VERSION_WITH_MANY = 4;

/** Whose coordinator is looked for. */
export interface Coordinated {
  readonly kind: 'group' | 'transaction';
  /** Of the group, or the transactional id. */
  readonly name: string;
}

/** Knows which broker coordinates a group or a transactional id, or looks for it, ever more rarely (AbstractCoordinator.ensureCoordinatorReady). */
export class CoordinatorFinder {
  private readonly network: ClientNetwork;
  private readonly coordinated: Coordinated;
  private readonly onFatal: (error: number) => void;
  private nodeId = -1;
  private state: 'idle' | 'asking' | 'backing-off' = 'idle';
  private failures = 0;

  constructor(network: ClientNetwork, coordinated: Coordinated, onFatal: (error: number) => void) {
    this.network = network;
    this.coordinated = coordinated;
    this.onFatal = onFatal;
  }

  /**
   * The connection to the coordinator if a request would go out now; else null, and a look-up or a connection is begun. A
   * coordinator whose connection may not even be tried counts as unknown.
   */
  connection(): BrokerConnection | null {
    if (this.nodeId < 0) {
      this.look();
      return null;
    }
    // A consumer has a connection of its own for it; a producer sends records over the same.
    const connection =
      this.coordinated.kind === 'group'
        ? this.network.coordinatorConnection(this.nodeId)
        : this.network.connectionTo(this.nodeId);
    if (connection === undefined) {
      this.lost('not in the metadata');
      return null;
    }
    if (connection.canSend) {
      this.failures = 0;
      return connection;
    }
    if (connection.connectable) connection.connect();
    else if (connection.state === 'disconnected') {
      // Found, but not reachable: whoever is asked would say the same for a while.
      this.forget('disconnected');
      this.backOff();
    }
    return null;
  }

  /** It is not the coordinator any more, or not reachable. */
  lost(reason: string): void {
    if (this.nodeId < 0) return;
    this.forget(reason);
    this.look();
  }

  answered(response: FindCoordinatorResponse | null, failure: RequestFailure | null, asked: BrokerConnection): void {
    const { network } = this;
    const many = (asked.versionOf(FindCoordinator) ?? 0) >= FIRST_VERSION_WITH_MANY;
    const answer = response === null ? undefined : many ? response.coordinators[0] : response;
    const error = failure !== null ? failureCode(failure) : (answer?.errorCode ?? ErrorCode.COORDINATOR_NOT_AVAILABLE);
    if (error === ErrorCode.NONE) {
      this.state = 'idle';
      this.nodeId = answer!.nodeId;
      network.context.emit(clientEvents['coordinator-found'], [this.coordinated.name, this.nodeId]);
      network.changed();
      return;
    }
    network.sawError(FindCoordinator.name, error, null, asked.id);
    if (!isRetriable(error)) {
      this.state = 'idle';
      this.onFatal(error);
      return;
    }
    network.refresher.request();
    this.backOff();
  }

  backedOff(): void {
    this.state = 'idle';
    this.network.changed();
  }

  private forget(reason: string): void {
    this.network.context.emit(clientEvents['coordinator-lost'], [this.coordinated.name, this.nodeId, reason]);
    this.nodeId = -1;
  }

  private backOff(): void {
    const { network } = this;
    this.state = 'backing-off';
    network.context.after(network.retryBackoffUs(this.failures), backedOff, this);
    this.failures += 1;
  }

  private look(): void {
    if (this.state !== 'idle') return;
    const connection = this.network.leastLoaded();
    if (connection === null) return;
    this.state = 'asking';
    const many = (connection.versionOf(FindCoordinator) ?? 0) >= FIRST_VERSION_WITH_MANY;
    const { kind, name } = this.coordinated;
    const body = { key: many ? '' : name, keyType: KEY_TYPE[kind], coordinatorKeys: many ? [name] : [] };
    connection.send(FindCoordinator, body, found, { finder: this, connection });
  }
}

interface Call {
  readonly finder: CoordinatorFinder;
  readonly connection: BrokerConnection;
}

function found({ finder, connection }: Call, response: unknown, failure: RequestFailure | null): void {
  finder.answered(failure === null ? (response as FindCoordinatorResponse) : null, failure, connection);
}

function backedOff(finder: CoordinatorFinder): void {
  finder.backedOff();
}
