const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Below this, a loop is faster than the call into the host's codec. */
const SHORT = 40;

/** How many bytes `text` takes in UTF-8; a lone surrogate counts as U+FFFD, as the encoder writes it. */
export function utf8Length(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    if (unit < 0x800) length += 1;
    else if (unit >= 0xd800 && unit < 0xdc00 && isLowSurrogate(text.charCodeAt(i + 1))) {
      length += 2;
      i++;
    } else length += 2;
  }
  return length;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}

/** Writes `text` at `at`, where there must be room, and returns the number of bytes written. */
export function writeUtf8(into: Uint8Array, at: number, text: string): number {
  if (text.length <= SHORT) {
    let i = 0;
    for (; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit >= 0x80) break;
      into[at + i] = unit;
    }
    if (i === text.length) return i;
  }
  return encoder.encodeInto(text, into.subarray(at)).written;
}

/** The text of `length` bytes at `at`; malformed sequences become U+FFFD. */
export function readUtf8(bytes: Uint8Array, at: number, length: number): string {
  if (length <= SHORT) {
    let text = '';
    let i = at;
    const end = at + length;
    for (; i < end; i++) {
      const byte = bytes[i]!;
      if (byte >= 0x80) break;
      text += String.fromCharCode(byte);
    }
    if (i === end) return text;
  }
  return decoder.decode(bytes.subarray(at, at + length));
}

export function utf8Encode(text: string): Uint8Array {
  return encoder.encode(text);
}

export function utf8Decode(bytes: Uint8Array): string {
  return readUtf8(bytes, 0, bytes.length);
}
