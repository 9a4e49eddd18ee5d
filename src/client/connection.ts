import type { Context } from '../kernel/api.ts';
import { ApiVersions, type ApiVersionsResponse } from '../protocol/apis/18-api-versions.ts';
import { ErrorCode } from '../protocol/errors.ts';
import type { Api } from '../protocol/schema.ts';
import type { RpcChannel, RpcFailure } from '../rpc/api.ts';
import { openChannel } from '../rpc/channel.ts';
import {
  apiVersionsRequest,
  lowerApiVersions,
  newestApiVersions,
  type UsableVersions,
  usableVersions,
} from './api-versions.ts';
import type { Address, ClientEnvironment, NetworkSettings } from './environment.ts';

/** How a request ended without an answer, as a client sees it. */
export type RequestFailure =
  | RpcFailure
  /** The broker does not offer the API in any version that this client knows; nothing was sent. */
  | { readonly kind: 'unsupported' };

/** What owns the connections is told what becomes of them. */
export interface ConnectionOwner {
  onReady(connection: BrokerConnection): void;
  onLost(connection: BrokerConnection): void;
  onConnectable(connection: BrokerConnection): void;
}

export interface ConnectionParts {
  readonly context: Context;
  readonly environment: ClientEnvironment;
  readonly settings: NetworkSettings;
  readonly owner: ConnectionOwner;
}

/**
 * A client's connection to one address: it stands only when the broker has said which versions it speaks. A connection
 * without that handshake is no sign of health, and the back-off before the next one goes on growing (NetworkClient).
 */
export class BrokerConnection {
  readonly id: number;
  readonly address: Address;
  state: 'disconnected' | 'connecting' | 'ready' = 'disconnected';
  /** When it was last tried; the one that waited longest is tried first. */
  lastAttemptUs = -1;
  private versions: UsableVersions = [];
  /** Finalized features of the cluster as this broker told them; the epoch says how new they are. */
  features: { readonly epoch: number; readonly transactionVersion: number } = { epoch: -1, transactionVersion: 0 };
  private readonly channel: RpcChannel;
  private readonly parts: ConnectionParts;

  constructor(parts: ConnectionParts, id: number, address: Address) {
    const { context, environment, settings, owner } = parts;
    this.parts = parts;
    this.id = id;
    this.address = address;
    const { node, port } = environment.resolve(address.host, address.port);
    const options = {
      clientId: settings.clientId,
      requestTimeoutMs: settings.requestTimeoutMs,
      connectTimeoutMs: settings.connectTimeoutMs,
      reconnectBackoffMs: settings.reconnectBackoffMs,
      reconnectBackoffMaxMs: settings.reconnectBackoffMaxMs,
      maxInFlight: settings.maxInFlight,
      onLost: () => {
        this.state = 'disconnected';
        owner.onLost(this);
      },
      onConnectable: () => owner.onConnectable(this),
    };
    this.channel = openChannel(context, node, port, options, environment.rpc);
  }

  /** Whether a request would go out at once. */
  get canSend(): boolean {
    return this.state === 'ready' && this.channel.ready;
  }

  get inFlight(): number {
    return this.channel.inFlight;
  }

  get connectable(): boolean {
    return this.state === 'disconnected' && this.channel.ready;
  }

  /** Begins to connect if that is allowed now. */
  connect(): void {
    if (!this.connectable) return;
    this.state = 'connecting';
    this.lastAttemptUs = this.parts.context.nowUs();
    this.handshake(newestApiVersions(this.parts.environment.release));
  }

  /** The version in which this broker is asked; undefined if it cannot be. */
  versionOf(api: Api): number | undefined {
    return this.versions[api.key];
  }

  /** Only when it `canSend`. Calls back once; where the broker does not know the API, at once. */
  send<A>(
    api: Api,
    body: unknown,
    done: (arg: A, response: unknown, failure: RequestFailure | null) => void,
    arg: A,
    options?: { readonly timeoutMs?: number; readonly expectsResponse?: boolean; readonly maxVersion?: number },
  ): void {
    const newest = this.versions[api.key];
    const version = newest === undefined ? undefined : Math.min(newest, options?.maxVersion ?? newest);
    if (version === undefined) done(arg, null, { kind: 'unsupported' });
    else this.channel.send(api, version, body, done, arg, options);
  }

  disconnect(): void {
    this.channel.disconnect();
  }

  /** For good; what is in flight fails. */
  close(): void {
    this.state = 'disconnected';
    this.channel.close();
  }

  private handshake(version: number): void {
    this.channel.send(ApiVersions, version, apiVersionsRequest(this.parts.environment.release), shaken, this);
  }

  /** The answer to the handshake. Without one the connection was lost, which `onLost` has told. */
  shaken(response: ApiVersionsResponse): void {
    if (response.errorCode === ErrorCode.UNSUPPORTED_VERSION) {
      this.handshake(lowerApiVersions(response));
      return;
    }
    if (response.errorCode !== ErrorCode.NONE) {
      this.channel.disconnect();
      return;
    }
    this.versions = usableVersions(this.parts.environment.release, response);
    this.features = {
      epoch: response.finalizedFeaturesEpoch,
      transactionVersion:
        response.finalizedFeatures.find(({ name }) => name === 'transaction.version')?.maxVersionLevel ?? 0,
    };
    this.state = 'ready';
    this.parts.owner.onReady(this);
  }
}

function shaken(connection: BrokerConnection, response: unknown, failure: RpcFailure | null): void {
  if (failure === null) connection.shaken(response as ApiVersionsResponse);
}

/** What a failure without an answer counts as: the error that Java's client makes of it. */
export function failureCode(failure: RequestFailure): number {
  switch (failure.kind) {
    case 'timeout':
      return ErrorCode.REQUEST_TIMED_OUT;
    case 'disconnected':
      return ErrorCode.NETWORK_EXCEPTION;
    case 'unsupported':
      return ErrorCode.UNSUPPORTED_VERSION;
  }
}
