/** One listener of one broker on the host: open while the broker's process runs, refusing while it does not. */
import { createServer, type Server, type Socket } from 'node:net';

/** Between two tries to open a port again that somebody else took meanwhile. */
const RETRY_MS = 250;
/** Ports that are tried where any free one will do for IPv4, but has to be free for IPv6 too. */
const MOST_TRIES = 20;
const IPV4_LOOPBACK = '127.0.0.1';
const IPV6_LOOPBACK = '::1';

/** The host does not let us listen there. */
export class ListenError extends Error {
  readonly host: string;
  readonly port: number;
  readonly code: string;

  constructor(host: string, port: number, code: string) {
    super(`${host}:${port} cannot be listened to (${code})`);
    this.name = 'ListenError';
    this.host = host;
    this.port = port;
    this.code = code;
  }
}

export interface PortOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly accept: (socket: Socket) => void;
  /** The port could not be opened again: it is tried on and on. */
  readonly onTrouble: (error: ListenError) => void;
}

export class BrokerPort {
  readonly host: string;
  readonly port: number;
  readonly #options: PortOptions;
  readonly #hosts: readonly string[];
  #servers: Server[];
  #retry: NodeJS.Timeout | undefined;

  private constructor(options: PortOptions, port: number, servers: Server[], hosts: readonly string[]) {
    this.host = options.host;
    this.port = port;
    this.#options = options;
    this.#servers = servers;
    this.#hosts = hosts;
  }

  /** Opens it. Rejects with `ListenError`. */
  static async open(options: PortOptions): Promise<BrokerPort> {
    const both = options.host === IPV4_LOOPBACK || options.host === 'localhost';
    const host = both ? IPV4_LOOPBACK : options.host;
    for (let tries = 1; ; tries++) {
      const first = await listen(host, options.port, options.accept);
      const { port } = first.address() as { readonly port: number };
      if (!both) return new BrokerPort(options, port, [first], [host]);
      try {
        const second = await listen(IPV6_LOOPBACK, port, options.accept);
        return new BrokerPort(options, port, [first, second], [host, IPV6_LOOPBACK]);
      } catch (thrown) {
        if (!(thrown instanceof ListenError)) throw thrown;
        // A machine without IPv6 has no such address.
        if (thrown.code !== 'EADDRINUSE') return new BrokerPort(options, port, [first], [host]);
        first.close();
        if (options.port !== 0 || tries === MOST_TRIES) throw thrown;
      }
    }
  }

  /** From here on the port refuses. Connections that stand are not concerned. */
  shut(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    for (const server of this.#servers) server.close();
    this.#servers = [];
  }

  reopen(): void {
    if (this.#servers.length > 0 || this.#retry !== undefined) return;
    for (const host of this.#hosts) {
      const server = createServer({ allowHalfOpen: true }, this.#options.accept);
      this.#servers.push(server);
      server.once('error', (error: NodeJS.ErrnoException) => this.#taken(host, error));
      server.listen({ host, port: this.port });
    }
  }

  #taken(host: string, error: NodeJS.ErrnoException): void {
    if (this.#servers.length === 0) return;
    this.#options.onTrouble(new ListenError(host, this.port, error.code ?? error.message));
    this.shut();
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.reopen();
    }, RETRY_MS);
  }
}

function listen(host: string, port: number, accept: (socket: Socket) => void): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, accept);
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new ListenError(host, port, error.code ?? error.message)),
    );
    server.listen({ host, port }, () => {
      server.removeAllListeners('error');
      resolve(server);
    });
  });
}
