/**
 * A certificate that signs itself, for listeners with TLS: a key on P-256, good for this machine's own names for ten years (X.509 v3, RFC 5280). Clients
 * are given it as the authority to trust. DER is written by hand: it is a page of code, and spares a dependency.
 */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';

export interface Certificate {
  /** PEM. */
  readonly key: string;
  /** PEM. */
  readonly certificate: string;
}

const YEARS = 10;
const OID = {
  commonName: '2.5.4.3',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  keyUsage: '2.5.29.15',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
};

/** `names`: host names and addresses that clients may call the brokers by, beside those of the loopback. */
export function makeCertificate(names: readonly string[], now = new Date()): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const hosts = [...new Set(['localhost', '127.0.0.1', '::1', ...names])];
  const algorithm = sequence(oid(OID.ecdsaWithSha256));
  const name = sequence(set(sequence(oid(OID.commonName), tlv(0x0c, Buffer.from('kzsim')))));
  const serial = randomBytes(16);
  // Positive, and without a leading zero.
  serial[0] = (serial[0]! & 0x7f) | 0x40;
  const until = new Date(now);
  until.setUTCFullYear(now.getUTCFullYear() + YEARS);
  const from = new Date(now.getTime() - 24 * 3600 * 1000);
  const signed = sequence(
    tlv(0xa0, integer(Buffer.from([2]))),
    integer(serial),
    algorithm,
    name,
    sequence(utcTime(from), utcTime(until)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, sequence(...extensions(hosts))),
  );
  const signature = sign('sha256', signed, privateKey);
  const whole = sequence(signed, algorithm, tlv(0x03, Buffer.concat([Buffer.from([0]), signature])));
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), certificate: pem(whole) };
}

function extensions(hosts: readonly string[]): Buffer[] {
  const yes = tlv(0x01, Buffer.from([0xff]));
  const extension = (id: string, value: Buffer, isCritical: boolean): Buffer =>
    sequence(oid(id), ...(isCritical ? [yes] : []), tlv(0x04, value));
  // Signing of messages, and of certificates: its own.
  const usage = tlv(0x03, Buffer.from([2, 0b1000_0100]));
  return [
    extension(OID.basicConstraints, sequence(yes), true),
    extension(OID.keyUsage, usage, true),
    extension(OID.extendedKeyUsage, sequence(oid(OID.serverAuth)), false),
    extension(OID.subjectAltName, sequence(...hosts.map(generalName)), false),
  ];
}

function generalName(host: string): Buffer {
  if (isIPv4(host)) return tlv(0x87, Buffer.from(host.split('.').map(Number)));
  return isIPv6(host) ? tlv(0x87, ipv6(host)) : tlv(0x82, Buffer.from(host, 'latin1'));
}

function ipv6(host: string): Buffer {
  const [head = '', tail] = host.split('::');
  const words = (text: string) => (text === '' ? [] : text.split(':').map((word) => Number.parseInt(word, 16)));
  const [before, after] = [words(head), words(tail ?? '')];
  const all = [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
  return Buffer.from(all.flatMap((word) => [word >> 8, word & 255]));
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g)!;
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

// ---- DER

function tlv(tag: number, value: Buffer): Buffer {
  const { length } = value;
  const head =
    length < 128 ? [tag, length] : length < 256 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from(head), value]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => tlv(0x30, Buffer.concat(parts));
const set = (...parts: readonly Buffer[]): Buffer => tlv(0x31, Buffer.concat(parts));
const integer = (bytes: Buffer): Buffer => tlv(0x02, bytes);

function utcTime(at: Date): Buffer {
  const text = at.toISOString().replace(/^..|[-:T]|\.\d+/g, '');
  return tlv(0x17, Buffer.from(text));
}

function oid(text: string): Buffer {
  const [first, second, ...rest] = text.split('.').map(Number);
  const bytes = [first! * 40 + second!];
  for (const arc of rest) {
    const digits = [arc & 127];
    for (let left = arc >> 7; left > 0; left >>= 7) digits.unshift((left & 127) | 128);
    bytes.push(...digits);
  }
  return tlv(0x06, Buffer.from(bytes));
}
