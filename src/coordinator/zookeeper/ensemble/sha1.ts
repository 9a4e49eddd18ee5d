/** SHA-1 and base64, for the digest scheme: what a user's password becomes in an ACL (DigestAuthenticationProvider). */

/** `bob:secret` → `bob:` and the base64 of the SHA-1 of both. */
export function digestOf(credentials: string): string {
  const bytes = new TextEncoder().encode(credentials);
  const user = credentials.split(':', 1)[0]!;
  return `${user}:${base64(sha1(bytes))}`;
}

export function sha1(bytes: Uint8Array): Uint8Array {
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  const padded = new Uint8Array((((bytes.length + 8) >> 6) + 1) << 6);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 4, bytes.length * 8);
  for (let at = 0; at < padded.length; at += 64) mixBlock(state, view, at);
  const out = new DataView(new ArrayBuffer(20));
  state.forEach((word, index) => void out.setUint32(4 * index, word));
  return new Uint8Array(out.buffer);
}

function mixBlock(state: number[], view: DataView, at: number): void {
  const words = new Int32Array(80);
  for (let i = 0; i < 16; i++) words[i] = view.getInt32(at + 4 * i);
  for (let i = 16; i < 80; i++) words[i] = rotate(words[i - 3]! ^ words[i - 8]! ^ words[i - 14]! ^ words[i - 16]!, 1);
  let [a = 0, b = 0, c = 0, d = 0, e = 0] = state;
  for (let i = 0; i < 80; i++) {
    const mixed = (rotate(a, 5) + round(i, b, c, d) + e + words[i]!) | 0;
    [e, d, c, b, a] = [d, c, rotate(b, 30), a, mixed];
  }
  [a, b, c, d, e].forEach((word, index) => {
    state[index] = (state[index]! + word) | 0;
  });
}

const rotate = (word: number, by: number): number => (word << by) | (word >>> (32 - by));

function round(index: number, b: number, c: number, d: number): number {
  if (index < 20) return ((b & c) | (~b & d)) + 0x5a827999;
  if (index < 40) return (b ^ c ^ d) + 0x6ed9eba1;
  if (index < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
  return (b ^ c ^ d) + 0xca62c1d6;
}

const SIGNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const group = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    for (let sign = 0; sign < 4; sign++)
      text += at + sign > bytes.length ? '=' : SIGNS[(group >> (18 - 6 * sign)) & 63];
  }
  return text;
}
