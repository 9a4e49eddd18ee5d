import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { type ControlAnswer, type ControlTarget, readRequest } from './messages.ts';
import { DEFAULT_NAME } from './names.ts';
import { connectTo, makeRuntimeFolder, runningNames, socketPath } from './sockets.ts';

/** A question longer than this ends the conversation. */
const MOST_REQUEST_BYTES = 1 << 20;

export class NameTaken extends Error {
  constructor(name: string) {
    super(
      `a cluster named ${name} runs already; give this one another --name, or end that one with \`kzsim down --name ${name}\``,
    );
    this.name = 'NameTaken';
  }
}

/** Lets other processes of the same user speak to a cluster of this one. */
export class ControlServer {
  readonly name: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(name: string, server: Server, sockets: Set<Socket>) {
    this.name = name;
    this.#server = server;
    this.#sockets = sockets;
    process.once('exit', this.#removed);
  }

  /** However the process ends, as long as it can do anything about it. */
  readonly #removed = (): void => {
    if (process.platform !== 'win32') rmSync(socketPath(this.name), { force: true });
  };

  /** Without a name it takes `default`, or the next that is free. Rejects with `NameTaken`, or where there can be no socket. */
  static async open(wanted: string | undefined, target: ControlTarget): Promise<ControlServer> {
    makeRuntimeFolder();
    const name = wanted ?? (await freeName());
    const other = await connectTo(name);
    other?.destroy();
    if (other !== undefined) throw new NameTaken(name);
    const path = socketPath(name);
    if (process.platform !== 'win32') rmSync(path, { force: true });
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      converse(socket, target);
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
    });
    if (process.platform !== 'win32') chmodSync(path, 0o600);
    return new ControlServer(name, server, sockets);
  }

  /** Idempotent. The socket's file goes with it. */
  close(): void {
    process.off('exit', this.#removed);
    this.#server.close();
    for (const socket of this.#sockets) socket.destroySoon();
  }
}

async function freeName(): Promise<string> {
  const taken = await runningNames();
  if (!taken.includes(DEFAULT_NAME)) return DEFAULT_NAME;
  for (let number = 2; ; number++) if (!taken.includes(`${DEFAULT_NAME}-${number}`)) return `${DEFAULT_NAME}-${number}`;
}

function converse(socket: Socket, target: ControlTarget): void {
  let bytes = 0;
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    bytes += chunk.length;
    if (bytes > MOST_REQUEST_BYTES) socket.destroy();
  });
  const lines = createInterface({ input: socket });
  lines.on('error', () => socket.destroy());
  lines.on('line', (text) => {
    bytes = 0;
    const request = readRequest(text);
    const say = (answer: ControlAnswer, then?: () => void): void => {
      if (!socket.destroyed) socket.write(`${JSON.stringify(answer)}\n`, () => then?.());
      else then?.();
    };
    if (request === undefined) return say({ ok: false, lines: ['this is no question that a cluster answers'] });
    if (request.do === 'run') void target.run(request.line).then(say);
    else if (request.do === 'down') say(target.down(), () => target.end());
    else say(request.do === 'status' ? target.status() : target.env());
  });
}
