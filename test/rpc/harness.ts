import type { Context, NodeControl, World } from '../../src/kernel/api.ts';
import { Heartbeat } from '../../src/protocol/apis/12-heartbeat.ts';
import { ApiVersions } from '../../src/protocol/apis/18-api-versions.ts';
import type {
  Interception,
  RpcChannel,
  RpcClientOptions,
  RpcFailure,
  RpcService,
  RpcSettings,
  ServerRequest,
} from '../../src/rpc/api.ts';
import { openChannel } from '../../src/rpc/channel.ts';
import { serve } from '../../src/rpc/server.ts';
import { newWorld } from '../kernel/harness.ts';

export const SERVED = new Map([
  [Heartbeat.key, { min: 1, max: 4 }],
  [ApiVersions.key, { min: 0, max: 3 }],
]);

export interface Bench {
  readonly world: World;
  readonly client: NodeControl;
  readonly server: NodeControl;
  startServer(): boolean;
  readonly channel: RpcChannel;
  readonly context: Context;
  /** What both sides saw. */
  readonly log: string[];
  /** Sends a heartbeat whose member id names the request; its outcome is noted. */
  ask(name: string, options?: { timeoutMs?: number; expectsResponse?: boolean }): void;
}

interface BenchOptions {
  readonly encode?: boolean;
  readonly client?: Partial<RpcClientOptions>;
  readonly intercept?: (request: ServerRequest) => Interception | null;
  /** By default an answer after 1 ms, whose error code is the length of the name. */
  readonly handle?: (context: Context, request: ServerRequest) => void;
}

export function nameOf(request: ServerRequest): string {
  return (request.body as { memberId: string }).memberId;
}

export function answer(request: ServerRequest): void {
  request.respond(Heartbeat.response.make({ errorCode: nameOf(request).length }));
}

export function describeOutcome(response: unknown, failure: RpcFailure | null): string {
  if (failure === null) return response === null ? 'sent' : `error ${(response as { errorCode: number }).errorCode}`;
  const sent = failure.sent ? 'sent' : 'unsent';
  return failure.kind === 'timeout' ? `overdue ${sent}` : `${failure.reason} ${sent}`;
}

export function newBench(options: BenchOptions = {}): Bench {
  const world = newWorld();
  const log: string[] = [];
  const { intercept } = options;
  const settings: RpcSettings = {
    encode: options.encode ?? false,
    interceptors: intercept === undefined ? [] : [{ intercept: (_node, request) => intercept(request) }],
  };
  const server = world.addNode({ name: 'b1' });
  const startServer = () =>
    server.start((context) => {
      serve(context, 'kafka', service(context, log, options.handle), settings);
      return {};
    });
  startServer();
  const client = world.addNode({ name: 'c1' });
  let parts: { context: Context; channel: RpcChannel } | undefined;
  client.start((context) => {
    const clientOptions = { clientId: 'tester', requestTimeoutMs: 1000, ...options.client };
    parts = { context, channel: openChannel(context, 'b1', 'kafka', clientOptions, settings) };
    return {};
  });
  const { context, channel } = parts!;
  const note = (name: string, response: unknown, failure: RpcFailure | null) => {
    log.push(`${context.nowUs()} ${name}: ${describeOutcome(response, failure)}`);
  };
  const ask: Bench['ask'] = (name, each) => {
    const body = Heartbeat.request.make({ groupId: 'g', memberId: name });
    channel.send(Heartbeat, 4, body, note, name, each);
  };
  return { world, client, server, startServer, channel, context, log, ask };
}

export function service(context: Context, log: string[], handle?: BenchOptions['handle']): RpcService {
  return {
    versionsOf: (key) => SERVED.get(key),
    handle: (request) => {
      log.push(`${context.nowUs()} handle ${nameOf(request)}`);
      if (handle === undefined) context.after(1000, answer, request);
      else handle(context, request);
    },
    onDisconnect: (id) => log.push(`${context.nowUs()} disconnected ${id}`),
  };
}
