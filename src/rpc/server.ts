import type { CloseReason, Connection, ConnectionHandler, Context } from '../kernel/api.ts';
import type { RpcService, RpcSettings } from './api.ts';
import { sizeOfMessage } from './messages.ts';
import { ServerConnection } from './server-connection.ts';

/** Offers a service at a port of the process, until the process ends or the result is closed. */
export function serve(context: Context, port: string, service: RpcService, settings: RpcSettings): { close(): void } {
  return context.listen(port, new Server(context, service, settings));
}

class Server implements ConnectionHandler {
  private readonly connections = new Map<number, ServerConnection>();
  private readonly context: Context;
  private readonly service: RpcService;
  private readonly settings: RpcSettings;

  constructor(context: Context, service: RpcService, settings: RpcSettings) {
    this.context = context;
    this.service = service;
    this.settings = settings;
  }

  onOpen(connection: Connection): void {
    const { context, service, settings } = this;
    const ended = (): void => this.end(connection.id);
    this.connections.set(connection.id, new ServerConnection(context, service, settings, connection, ended));
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
