/**
 * Where the bytes of sockets land. Node.js gives each piece that it reads a buffer of its own, and the collector is soon busy with
 * nothing else; here all pieces land in one, one after another, and whoever hears of one copies what it wants.
 */
import { Socket } from 'node:net';

const LANDING = new Uint8Array(256 * 1024);

/** What a socket has, and its type does not tell. */
interface Handled {
  _handle: object | null;
}

/**
 * Calls `came` with each piece; it is valid during the call. Returns the socket to go on with: a socket that was accepted just now is replaced by one
 * of the same connection.
 */
export function landing(accepted: Socket, isFresh: boolean, came: (bytes: Uint8Array) => void): Socket {
  const handled = accepted as unknown as Handled;
  const handle = handled._handle;
  // With TLS the pieces come out of the cipher.
  if (!isFresh || 'encrypted' in accepted || handle === null || handle === undefined) {
    accepted.on('data', came);
    return accepted;
  }
  handled._handle = null;
  const onread = {
    buffer: LANDING,
    callback(length: number, bytes: Uint8Array): boolean {
      came(bytes.subarray(0, length));
      return true;
    },
  };
  // `handle` is how a server of Node.js makes its sockets.
  const socket = new Socket({ handle, onread, allowHalfOpen: true } as ConstructorParameters<typeof Socket>[0]);
  // Nobody reads through the stream; it has to flow to tell the end.
  socket.resume();
  return socket;
}
