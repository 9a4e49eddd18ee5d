/** Live clusters on free ports, and plain sockets that speak Kafka's frames by hand. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ClusterOptions, defaultClusterOptions, type Mode, type TopicOptions } from '../../src/cluster/options.ts';
import { type LiveCluster, type LiveOptions, startLiveCluster } from '../../src/gateway/live-cluster.ts';
import { ApiVersions } from '../../src/protocol/apis/18-api-versions.ts';
import type { Api } from '../../src/protocol/schema.ts';
import { encodeRequest, RequestMessage } from '../../src/rpc/messages.ts';

const running = new Set<LiveCluster>();

/** Ends every cluster that a test began. */
export async function closeAll(): Promise<void> {
  for (const live of running) await live.close();
  running.clear();
}

export function topic(name: string, partitions = 1, replicationFactor = 3): TopicOptions {
  return { name, partitions, replicationFactor, assignment: undefined, config: {} };
}

export async function startLive(
  options: Partial<ClusterOptions> & { readonly mode?: Mode } = {},
  more: Partial<LiveOptions> = {},
): Promise<LiveCluster> {
  const cluster: ClusterOptions = { ...defaultClusterOptions(options.mode ?? 'kraft', 1), timers: 'fast', ...options };
  const listeners = [{ name: 'PLAINTEXT', securityProtocol: 'PLAINTEXT', host: '127.0.0.1', port: 0 }] as const;
  const live = await startLiveCluster({ cluster, listeners, ...more });
  running.add(live);
  return live;
}

export function portOf(live: LiveCluster, broker: number): number {
  return Number(live.bootstrapServers[broker - 1]!.split(':')[1]);
}

/** Runs a line that has to succeed. */
export async function run(live: LiveCluster, line: string): Promise<readonly string[]> {
  const { ok, lines } = await live.execute(line);
  if (!ok) throw new Error(`${line}: ${lines.join('; ')}`);
  return lines;
}

/** A client by hand: what it was sent, and how its socket ended. */
export class RawClient {
  readonly socket: Socket;
  readonly received: Buffer[] = [];
  ended: 'open' | 'fin' | 'reset' | 'refused' = 'open';
  #rest = Buffer.alloc(0);
  #correlationId = 0;

  constructor(port: number, host = '127.0.0.1') {
    this.socket = connect({ port, host, allowHalfOpen: true });
    this.socket.on('data', (chunk: Buffer) => {
      this.#rest = Buffer.concat([this.#rest, chunk]);
      while (this.#rest.length >= 4 && this.#rest.length >= 4 + this.#rest.readInt32BE(0)) {
        const length = this.#rest.readInt32BE(0);
        this.received.push(this.#rest.subarray(4, 4 + length));
        this.#rest = this.#rest.subarray(4 + length);
      }
    });
    this.socket.on('end', () => {
      if (this.ended === 'open') this.ended = 'fin';
    });
    this.socket.on('error', (error: NodeJS.ErrnoException) => {
      this.ended = error.code === 'ECONNREFUSED' ? 'refused' : 'reset';
    });
  }

  async connected(): Promise<this> {
    if (this.socket.connecting)
      await Promise.race(['connect', 'close'].map((event) => once(this.socket, event).catch(() => {})));
    return this;
  }

  /** Correlation ids of the answers, in order. */
  get answers(): readonly number[] {
    return this.received.map((frame) => frame.readInt32BE(0));
  }

  send(api: Api, version: number, body: unknown): number {
    this.#correlationId += 1;
    this.socket.write(frameOf(api, version, body, this.#correlationId));
    return this.#correlationId;
  }

  askVersions(): number {
    return this.send(ApiVersions, 0, ApiVersions.request.make({}));
  }
}

export function frameOf(api: Api, version: number, body: unknown, correlationId: number): Buffer {
  const message = new RequestMessage(api, version, 'raw', body, true, () => {}, undefined, 0);
  message.correlationId = correlationId;
  const frame = encodeRequest(message);
  const bytes = Buffer.alloc(4 + frame.length);
  bytes.writeInt32BE(frame.length);
  bytes.set(frame, 4);
  return bytes;
}

/** Waits until something is so; fails with its name. */
export async function until(what: string, ready: () => boolean, limitMs = 10_000): Promise<void> {
  const endMs = performance.now() + limitMs;
  while (!ready()) {
    if (performance.now() > endMs) throw new Error(`${what}: not within ${limitMs} ms`);
    await sleep(5);
  }
}
