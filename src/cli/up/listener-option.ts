import { InvalidArgumentError } from 'commander';
import type { ListenerRequest } from '../../gateway/kafka-listeners.ts';
import { securityProtocolNamed } from '../../protocol/security-protocol.ts';
import { address } from '../parse.ts';

const FORM = 'It is written NAME=PROTOCOL://HOST:PORT or HOST:PORT,PORT,… with a port for each broker';

/** `SECURE=SASL_SSL://127.0.0.1:9094,9097,9100`; the name may be left out where it is that of the protocol. */
export function listener(text: string): ListenerRequest {
  const match = /^(?:([A-Za-z][A-Za-z0-9_]*)=)?([A-Za-z_]+):\/\/([^,]*)((?:,\d{1,5})*)$/.exec(text);
  const securityProtocol = securityProtocolNamed(match?.[2]?.toUpperCase() ?? '');
  if (match === null) throw new InvalidArgumentError(`${FORM}.`);
  if (securityProtocol === undefined)
    throw new InvalidArgumentError(`${FORM}; the protocol is PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL.`);
  const { host, port } = address(match[3]!);
  const more = match[4]!.split(',').slice(1).map(Number);
  if (more.some((one) => one > 65_535)) throw new InvalidArgumentError(`${FORM}.`);
  const name = (match[1] ?? securityProtocol).toUpperCase();
  return { name, securityProtocol, host, port: more.length === 0 ? port : [port, ...more] };
}
