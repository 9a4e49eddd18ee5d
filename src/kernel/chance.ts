import type { Chance } from './api.ts';
import { assert, fail } from './assert.ts';

/**
 * xoshiro128** (Blackman and Vigna): 32-bit integers, four words of state. A stream is seeded from the world's seed and
 * its own name, so that a new draw, or a whole new stream, moves no other.
 */
export class ChanceStream implements Chance {
  private readonly state: Uint32Array;

  constructor(seed: number, name: string) {
    this.state = stateOf(seed, name);
  }

  next(): number {
    const state = this.state;
    const s1 = state[1]!;
    const scrambled = Math.imul(s1, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
    const s2 = state[2]! ^ state[0]!;
    const s3 = state[3]! ^ s1;
    state[1] = s1 ^ s2;
    state[0] = state[0]! ^ s3;
    state[2] = s2 ^ (s1 << 9);
    state[3] = (s3 << 11) | (s3 >>> 21);
    return result;
  }

  below(bound: number): number {
    if (!(bound >= 1 && bound <= 0x1_0000_0000)) fail(`a bound of ${bound}`);
    if (bound === 1) return 0;
    // Just as many high bits as the bound needs; what falls outside is drawn again. At most half of the draws do.
    const shift = Math.clz32(bound - 1);
    for (;;) {
      const value = this.next() >>> shift;
      if (value < bound) return value;
    }
  }

  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  oneIn(numerator: number, denominator: number): boolean {
    return this.below(denominator) < numerator;
  }

  pick<T>(items: readonly T[]): T {
    assert(items.length > 0, 'a pick from nothing');
    return items[this.below(items.length)] as T;
  }

  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let index = 0; index < length; index += 4) {
      const word = this.next();
      for (let byte = 0; byte < 4 && index + byte < length; byte++) bytes[index + byte] = word >>> (8 * byte);
    }
    return bytes;
  }
}

/** Streams by name; asking again gives the same stream, where it stands. */
export class ChanceStreams {
  private readonly streams = new Map<string, ChanceStream>();
  private readonly seed: number;

  constructor(seed: number) {
    this.seed = seed;
  }

  stream(name: string): ChanceStream {
    let stream = this.streams.get(name);
    if (stream === undefined) {
      stream = new ChanceStream(this.seed, name);
      this.streams.set(name, stream);
    }
    return stream;
  }
}

/** Part of what a seed means: changing it changes every run. */
function stateOf(seed: number, name: string): Uint32Array {
  let hash = 0x811c9dc5;
  hash = mix(hash ^ (seed >>> 0));
  hash = mix(hash ^ (Math.floor(seed / 0x1_0000_0000) >>> 0));
  for (let index = 0; index < name.length; index++) hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  const state = new Uint32Array(4);
  for (let word = 0; word < 4; word++) {
    hash = (hash + 0x9e3779b9) | 0;
    state[word] = mix(hash);
  }
  if (state.every((word) => word === 0)) state[0] = 1;
  return state;
}

/** The finaliser of MurmurHash3. */
function mix(value: number): number {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) | 0;
}
