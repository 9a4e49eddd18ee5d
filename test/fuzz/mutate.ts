/** Damage to bytes, by a generator of its own: the same seed, the same damage. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** splitmix32. */
  next(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    let mixed = this.#state ^ (this.#state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  }

  below(bound: number): number {
    return this.next() % bound;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.next() & 0xff);
  }
}

/** What lengths, counts and ids are often wrong by. */
const NUMBERS = [-1, -2, 0, 1, 0x7f, 0x80, 0x7fff, 0x8000, 0xffff, 0x10000, 0xffffff, 0x7fffffff, -0x80000000] as const;
const BYTES = [0, 1, 2, 0x7f, 0x80, 0xff] as const;

type Mutation = (bytes: Uint8Array, random: Random) => Uint8Array;

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Two places, the first not after the second. */
function range(bytes: Uint8Array, random: Random): readonly [number, number] {
  const from = random.below(bytes.length + 1);
  return [from, from + random.below(Math.min(32, bytes.length - from + 1))];
}

const MUTATIONS: readonly Mutation[] = [
  (bytes, random) => bytes.slice(0, random.below(bytes.length + 1)),
  (bytes, random) => {
    const copy = bytes.slice();
    if (copy.length > 0) copy[random.below(copy.length)]! ^= 1 << random.below(8);
    return copy;
  },
  (bytes, random) => {
    const copy = bytes.slice();
    if (copy.length > 0) copy[random.below(copy.length)] = random.pick(BYTES);
    return copy;
  },
  (bytes, random) => {
    const copy = bytes.slice();
    const at = random.below(copy.length + 1);
    const number = random.pick(NUMBERS);
    const size = random.pick([2, 4, 8]);
    for (let i = 0; i < size && at + i < copy.length; i++) {
      const shift = 8 * (size - 1 - i);
      copy[at + i] = shift >= 32 ? (number < 0 ? 0xff : 0) : number >> shift;
    }
    return copy;
  },
  // A varint of five bytes, the greatest there is.
  (bytes, random) => {
    const at = random.below(bytes.length + 1);
    return joined(
      bytes.subarray(0, at),
      Uint8Array.of(0xff, 0xff, 0xff, 0xff, random.pick([0x07, 0x0f, 0x7f])),
      bytes.subarray(at + 1),
    );
  },
  (bytes, random) => {
    const [from, to] = range(bytes, random);
    return joined(bytes.subarray(0, from), bytes.subarray(to));
  },
  (bytes, random) => {
    const [from, to] = range(bytes, random);
    return joined(bytes.subarray(0, to), bytes.subarray(from));
  },
  (bytes, random) => {
    const at = random.below(bytes.length + 1);
    return joined(bytes.subarray(0, at), random.bytes(1 + random.below(8)), bytes.subarray(at));
  },
];

/** One to four of them, one after another; now and then bytes that never were a message. */
export function mutated(bytes: Uint8Array, random: Random): Uint8Array {
  if (random.below(50) === 0) return random.bytes(random.below(200));
  let result = bytes;
  for (let left = 1 + random.below(4); left > 0; left--) result = random.pick(MUTATIONS)(result, random);
  return result;
}
