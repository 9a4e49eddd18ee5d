import type { CloseReason, Connection, ConnectionHandler, Context, Timer } from '../kernel/api.ts';
import type { RpcService, RpcSettings } from './api.ts';
import { sizeOfMessage } from './messages.ts';
import { ServerConnection } from './server-connection.ts';

/**
 * Offers a service at a port of the process, until the process ends or the result is closed. A connection that nobody has used for
 * `maxIdleUs` is closed (`connections.max.idle.ms`); left out: never.
 */
export function serve(
  context: Context,
  port: string,
  service: RpcService,
  settings: RpcSettings,
  maxIdleUs = Number.POSITIVE_INFINITY,
): { close(): void } {
  return context.listen(port, new Server(context, service, settings, maxIdleUs));
}

class Server implements ConnectionHandler {
  private readonly connections = new Map<number, ServerConnection>();
  private readonly context: Context;
  private readonly service: RpcService;
  private readonly settings: RpcSettings;
  private readonly maxIdleUs: number;
  /** One timer for all connections: it rings when the one may be idle that was used longest ago. */
  private idleTimer: Timer | null = null;

  constructor(context: Context, service: RpcService, settings: RpcSettings, maxIdleUs: number) {
    this.context = context;
    this.service = service;
    this.settings = settings;
    this.maxIdleUs = maxIdleUs;
  }

  onOpen(connection: Connection): void {
    const { context, service, settings } = this;
    const ended = (): void => this.end(connection.id);
    this.connections.set(connection.id, new ServerConnection(context, service, settings, connection, ended));
    if (this.idleTimer === null && Number.isFinite(this.maxIdleUs)) this.watchIdle(this.maxIdleUs);
  }

  private watchIdle(delayUs: number): void {
    const { context } = this;
    const { cause } = context;
    context.cause = 0;
    this.idleTimer = context.after(delayUs, idleDue, this);
    context.cause = cause;
  }

  /** Ends what has been idle for too long, and waits for the next that may be. */
  endIdle(): void {
    this.idleTimer = null;
    const nowUs = this.context.nowUs();
    let nextUs = Number.POSITIVE_INFINITY;
    for (const connection of [...this.connections.values()]) {
      const idleAtUs = connection.usedUs + this.maxIdleUs;
      if (!connection.isBusy && idleAtUs <= nowUs) connection.endIdle(this.maxIdleUs);
      else nextUs = Math.min(nextUs, connection.isBusy ? nowUs + this.maxIdleUs : idleAtUs);
    }
    if (nextUs !== Number.POSITIVE_INFINITY) this.watchIdle(nextUs - nowUs);
  }

  onMessage(connection: Connection, message: unknown): void {
    this.connections.get(connection.id)?.arrived(message);
  }

  onClose(connection: Connection, _reason: CloseReason): void {
    this.end(connection.id);
  }

  sizeOf(message: unknown): number {
    return sizeOfMessage(message);
  }

  private end(connectionId: number): void {
    const connection = this.connections.get(connectionId);
    if (connection === undefined) return;
    this.connections.delete(connectionId);
    connection.dropWaiting();
    this.service.onDisconnect?.(connectionId);
  }
}

function idleDue(server: Server): void {
  server.endIdle();
}
