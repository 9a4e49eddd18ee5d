/** Java's `String.hashCode`, by which Kafka spreads things over numbers. */
export function javaHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}

/** `Utils.abs`: the smallest integer, which has no positive twin, becomes 0. */
export function javaAbs(value: number): number {
  return value === -2147483648 ? 0 : Math.abs(value);
}
