import { MalformedMessage, UnwritableValue } from './wire-error.ts';

/**
 * A UUID is held as the 22 characters of URL-safe base64 that Kafka's tools print (`org.apache.kafka.common.Uuid`),
 * so that topic ids can be compared, be keys of a Map and be shown without conversion.
 */
export type Uuid = string;

/** "No id": sixteen zero bytes. */
export const ZERO_UUID: Uuid = 'AAAAAAAAAAAAAAAAAAAAAA';

/** The topic id of `__cluster_metadata`. */
export const METADATA_TOPIC_ID: Uuid = 'AAAAAAAAAAAAAAAAAAAAAQ';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const SEXTETS = new Int8Array(128).fill(-1);
for (let i = 0; i < 64; i++) SEXTETS[ALPHABET.charCodeAt(i)] = i;

export function readUuid(bytes: Uint8Array, at: number): Uuid {
  if (at + 16 > bytes.length) throw new MalformedMessage('a UUID reaches past the end of the message');
  let text = '';
  for (let i = 0; i < 15; i += 3) {
    const triple = (bytes[at + i]! << 16) | (bytes[at + i + 1]! << 8) | bytes[at + i + 2]!;
    text +=
      ALPHABET[triple >>> 18]! +
      ALPHABET[(triple >>> 12) & 63]! +
      ALPHABET[(triple >>> 6) & 63]! +
      ALPHABET[triple & 63]!;
  }
  const last = bytes[at + 15]!;
  return text + ALPHABET[last >>> 2]! + ALPHABET[(last & 3) << 4]!;
}

/** Writes the sixteen bytes at `at`; there must be room. */
export function writeUuid(into: Uint8Array, at: number, uuid: Uuid): void {
  if (uuid.length !== 22) throw new UnwritableValue(`not a UUID in 22 characters: "${uuid}"`);
  for (let group = 0; group < 5; group++) {
    const c = group * 4;
    const triple =
      (sextet(uuid, c) << 18) | (sextet(uuid, c + 1) << 12) | (sextet(uuid, c + 2) << 6) | sextet(uuid, c + 3);
    into[at + group * 3] = triple >>> 16;
    into[at + group * 3 + 1] = triple >>> 8;
    into[at + group * 3 + 2] = triple;
  }
  into[at + 15] = (sextet(uuid, 20) << 2) | (sextet(uuid, 21) >>> 4);
}

function sextet(uuid: Uuid, at: number): number {
  const value = SEXTETS[uuid.charCodeAt(at)] ?? -1;
  if (value < 0) throw new UnwritableValue(`not a UUID in URL-safe base64: "${uuid}"`);
  return value;
}

/** The UUID of sixteen bytes, for who draws them from a stream of chance. */
export function uuidFromBytes(bytes: Uint8Array): Uuid {
  return readUuid(bytes, 0);
}

/** Whether `text` is a UUID as Kafka prints it: 22 characters, and no bits set beyond the sixteen bytes. */
export function isUuid(text: string): boolean {
  return /^[A-Za-z0-9_-]{21}[AQgw]$/.test(text);
}
