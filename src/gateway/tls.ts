/** TLS ends at the socket: what comes out of it goes into the world as the bytes of any other client. */
import type { Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import type { Certificate } from './tls-certificate.ts';

/** Whoever has not greeted by then is not waited for. */
const HANDSHAKE_MS = 30_000;

export type Secure = (socket: Socket, ready: (secured: Socket) => void) => void;

/** Calls back once the handshake is done; a socket that fails it is destroyed. */
export function securing({ key, certificate }: Certificate): Secure {
  const secureContext = createSecureContext({ key, cert: certificate, minVersion: 'TLSv1.2' });
  return (socket, ready) => {
    const secured = new TLSSocket(socket, { isServer: true, secureContext });
    const late = setTimeout(() => secured.destroy(), HANDSHAKE_MS);
    const end = (): void => clearTimeout(late);
    secured.on('error', () => secured.destroy());
    secured.once('close', end);
    secured.once('secure', () => {
      end();
      ready(secured);
    });
  };
}
