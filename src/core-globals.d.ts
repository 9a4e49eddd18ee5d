// What the world may use of its host beyond the language: two text codecs. Everything else of Node.js
// (timers, wall clock, sockets, files) stays above `gateway/`; see tsconfig.core.json.
declare class TextEncoder {
  encode(text?: string): Uint8Array;
  encodeInto(text: string, into: Uint8Array): { read: number; written: number };
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(bytes?: Uint8Array): string;
}
