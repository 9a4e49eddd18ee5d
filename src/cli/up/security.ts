/** What `--listener`, `--tls` and `--sasl` ask of the listeners, and the certificate that they need. */
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import type { ListenerRequest } from '../../gateway/kafka-listeners.ts';
import type { Certificate } from '../../gateway/tls-certificate.ts';
import type { SecurityProtocol } from '../../protocol/security-protocol.ts';
import { CouldNotRun, UsageError } from '../errors.ts';

type Options = Readonly<Record<string, unknown>>;

export function listenersOf(options: Options): readonly ListenerRequest[] {
  const given = options.listener as readonly ListenerRequest[] | undefined;
  if (options.listen === false) return [];
  if (given === undefined) {
    const { host, port } = options.listen as { readonly host: string; readonly port: number };
    const name = protocolOf(options);
    return [{ name, securityProtocol: name, host, port }];
  }
  const brokers = options.brokers as number;
  const names = new Set<string>();
  for (const { name, port } of given) {
    if (names.has(name)) throw new UsageError(`--listener ${name}: given twice; each listener needs a name of its own`);
    names.add(name);
    if (typeof port === 'object' && port.length !== brokers)
      throw new UsageError(
        `--listener ${name}: ${port.length} ports for ${brokers} brokers; give one, or one for each`,
      );
  }
  const hasSasl = given.some(({ securityProtocol }) => securityProtocol.startsWith('SASL_'));
  if (options.sasl !== undefined && !hasSasl)
    throw new UsageError('--sasl: none of the listeners has SASL; give one the protocol SASL_PLAINTEXT or SASL_SSL');
  return given;
}

function protocolOf({ tls, sasl }: Options): SecurityProtocol {
  if (sasl !== undefined) return tls === true ? 'SASL_SSL' : 'SASL_PLAINTEXT';
  return tls === true ? 'SSL' : 'PLAINTEXT';
}

/** Makes the certificate, where a listener needs one, and writes it down for the clients. */
export async function certificateFor(
  listeners: readonly ListenerRequest[],
  options: Options,
): Promise<{ readonly certificate: Certificate; readonly path: string } | undefined> {
  const secure = listeners.filter(({ securityProtocol }) => securityProtocol.endsWith('SSL'));
  if (secure.length === 0) return undefined;
  const { makeCertificate } = await import('../../gateway/tls-certificate.ts');
  const certificate = makeCertificate(secure.map(({ host }) => host));
  const file = options.tlsCert as string | undefined;
  const path = file === undefined ? join(tmpdir(), `kzsim-${process.pid}-certificate.pem`) : resolve(file);
  try {
    writeFileSync(path, certificate.certificate, { mode: 0o644 });
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new CouldNotRun(`the certificate cannot be written to ${path} (${why}): choose another file with --tls-cert`);
  }
  return { certificate, path };
}
