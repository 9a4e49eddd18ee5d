/** SCRAM (RFC 5802, RFC 7677) as Kafka uses it: mechanisms, keys, and the messages that server and client exchange. */
import type { Hashing, HashName } from './ports.ts';

export interface ScramMechanism {
  /** As Kafka's messages number it. */
  readonly type: number;
  readonly name: string;
  readonly hash: HashName;
}

export const SCRAM_MECHANISMS: readonly ScramMechanism[] = [
  { type: 1, name: 'SCRAM-SHA-256', hash: 'sha256' },
  { type: 2, name: 'SCRAM-SHA-512', hash: 'sha512' },
];

/** Bounds of Kafka's own (`ScramMechanism.minIterations`, `ScramControlManager`). */
export const MIN_ITERATIONS = 4096;
export const MAX_ITERATIONS = 16_384;

/** What a server keeps of a password. */
export interface ScramCredential {
  readonly salt: Uint8Array;
  readonly storedKey: Uint8Array;
  readonly serverKey: Uint8Array;
  readonly iterations: number;
}

export function scramMechanism(nameOrType: string | number): ScramMechanism | undefined {
  return SCRAM_MECHANISMS.find(({ type, name }) => type === nameOrType || name === nameOrType);
}

const encoder = new TextEncoder();

/** From the salted password, which is all that an administrator sends. */
export function scramCredential(
  hashing: Hashing,
  { hash }: ScramMechanism,
  saltedPassword: Uint8Array,
  { salt, iterations }: { readonly salt: Uint8Array; readonly iterations: number },
): ScramCredential {
  const clientKey = hashing.hmac(hash, saltedPassword, encoder.encode('Client Key'));
  return {
    salt,
    iterations,
    storedKey: hashing.hash(hash, clientKey),
    serverKey: hashing.hmac(hash, saltedPassword, encoder.encode('Server Key')),
  };
}

export function credentialOfPassword(
  hashing: Hashing,
  mechanism: ScramMechanism,
  password: string,
  parameters: { readonly salt: Uint8Array; readonly iterations: number },
): ScramCredential {
  const { salt, iterations } = parameters;
  return scramCredential(hashing, mechanism, hashing.pbkdf2(mechanism.hash, password, salt, iterations), parameters);
}

/** What a client proves, and how the server proves itself in turn; null: the password was another. */
export function verifyProof(
  hashing: Hashing,
  { hash }: ScramMechanism,
  { storedKey, serverKey }: ScramCredential,
  { authMessage, proof }: { readonly authMessage: string; readonly proof: Uint8Array },
): Uint8Array | null {
  const message = encoder.encode(authMessage);
  const signature = hashing.hmac(hash, storedKey, message);
  if (proof.length !== signature.length) return null;
  const clientKey = proof.map((byte, i) => byte ^ signature[i]!);
  if (!isSame(hashing.hash(hash, clientKey), storedKey)) return null;
  return hashing.hmac(hash, serverKey, message);
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ (b[i] ?? 0);
  return difference === 0;
}

export interface ClientFirst {
  /** As it is to be looked up. */
  readonly user: string;
  readonly nonce: string;
  /** Part of what is signed. */
  readonly bare: string;
  readonly header: string;
  /** With `tokenauth=true` a delegation token is meant. */
  readonly isToken: boolean;
}

/** `n,,n=user,r=nonce`; null for anything else, channel binding among it. */
export function parseClientFirst(text: string): ClientFirst | null {
  const match = /^((?:n|y),(?:a=[^,]*)?,)(n=([^,]+),r=([^,]+)(?:,(.*))?)$/.exec(text);
  if (match === null) return null;
  const name = match[3]!;
  if (/=(?!2C|3D)/.test(name)) return null;
  return {
    header: match[1]!,
    bare: match[2]!,
    user: name.replaceAll('=2C', ',').replaceAll('=3D', '='),
    nonce: match[4]!,
    isToken: /(^|,)tokenauth=true(,|$)/i.test(match[5] ?? ''),
  };
}

export interface ClientFinal {
  readonly channelBinding: string;
  readonly nonce: string;
  readonly proof: Uint8Array;
  readonly withoutProof: string;
}

/** `c=biws,r=nonce,p=proof`. */
export function parseClientFinal(text: string): ClientFinal | null {
  const match = /^(c=([^,]+),r=([^,]+)(?:,[^p][^,]*)*),p=([A-Za-z0-9+/]+=*)$/.exec(text);
  const proof = match === null ? null : decodeBase64(match[4]!);
  if (match === null || proof === null) return null;
  return { withoutProof: match[1]!, channelBinding: match[2]!, nonce: match[3]!, proof };
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export function encodeBase64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const block = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const letters = Math.min(3, bytes.length - i) + 1;
    for (let n = 0; n < 4; n++) text += n < letters ? ALPHABET[(block >> (18 - 6 * n)) & 63]! : '=';
  }
  return text;
}

/** Null: that is no base64. */
export function decodeBase64(text: string): Uint8Array | null {
  const letters = text.replace(/={1,2}$/, '');
  if (text.length % 4 !== 0) return null;
  const bytes = new Uint8Array(Math.floor((letters.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const letter of letters) {
    const value = ALPHABET.indexOf(letter);
    if (value < 0) return null;
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = (held >> bits) & 255;
  }
  return bytes;
}
