import type { Config } from '../config/config.ts';
import type { Compression } from '../protocol/ports.ts';
import type { Release } from '../protocol/schema.ts';
import type { RpcSettings } from '../rpc/api.ts';

/** A listener as brokers advertise it and as users write it into `bootstrap.servers`. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** What the assembly tells a client about the world that it lives in. */
export interface ClientEnvironment {
  /** The release of the client library: its defaults and the versions that it speaks. */
  readonly release: Release;
  readonly bootstrap: readonly Address[];
  /** Where in the kernel's network an advertised address is. */
  resolve(host: string, port: number): { readonly node: string; readonly port: string };
  readonly rpc: RpcSettings;
  readonly compression: Compression;
}

/** What every kind of client reads from its configuration for its connections and its metadata. */
export interface NetworkSettings {
  readonly clientId: string;
  readonly requestTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly reconnectBackoffMs: number;
  readonly reconnectBackoffMaxMs: number;
  readonly retryBackoffMs: number;
  readonly retryBackoffMaxMs: number;
  readonly maxInFlight: number;
  readonly metadataMaxAgeMs: number;
  readonly rebootstrap: boolean;
  /** How long without metadata until a client begins again; null: never (3.9). */
  readonly rebootstrapTriggerMs: number | null;
}

/** Requests that NetworkClient lets be unanswered on one connection, by kind of client. */
export const MAX_IN_FLIGHT = { consumer: 100, admin: 1 } as const;

export function networkSettings(config: Config, clientId: string, maxInFlight: number): NetworkSettings {
  return {
    clientId,
    requestTimeoutMs: config.number('request.timeout.ms'),
    connectTimeoutMs: config.number('socket.connection.setup.timeout.ms'),
    reconnectBackoffMs: config.number('reconnect.backoff.ms'),
    reconnectBackoffMaxMs: config.number('reconnect.backoff.max.ms'),
    retryBackoffMs: config.number('retry.backoff.ms'),
    retryBackoffMaxMs: config.number('retry.backoff.max.ms'),
    maxInFlight,
    metadataMaxAgeMs: config.number('metadata.max.age.ms'),
    rebootstrap: config.string('metadata.recovery.strategy').toLowerCase() === 'rebootstrap',
    rebootstrapTriggerMs: config.has('metadata.recovery.rebootstrap.trigger.ms')
      ? config.number('metadata.recovery.rebootstrap.trigger.ms')
      : null,
  };
}
