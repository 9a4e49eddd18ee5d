export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** White space does not count. */
export function fromHex(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'));
}
