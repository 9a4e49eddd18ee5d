/** Told of each literal run and of the copy that follows it; the last run has no copy (length 0). */
export type MatchSink = (literalFrom: number, literalTo: number, distance: number, length: number) => void;

const HASH_BITS = 14;
const SHORTEST = 4;
/** LZ4's rules, which suit Snappy too: the last match begins twelve bytes before the end, and leaves five literals. */
const LAST_MATCH = 12;
const LAST_LITERALS = 5;

const table = new Int32Array(1 << HASH_BITS);

/**
 * Finds repetitions in `input[from, to)`, greedily, by a table of the last place of every four bytes. Its choices are part of
 * the simulation, since compressed sizes are seen in it: they must not change from one machine or version to another, which is
 * why LZ4 and Snappy are compressed here and not by a library.
 */
export function findMatches(input: Uint8Array, from: number, to: number, sink: MatchSink): void {
  table.fill(-1);
  const lastStart = to - LAST_MATCH;
  const lastEnd = to - LAST_LITERALS;
  let literalFrom = from;
  let at = from;
  let misses = 0;
  while (at <= lastStart) {
    const slot = Math.imul(word(input, at), 0x9e3779b1) >>> (32 - HASH_BITS);
    const candidate = table[slot]!;
    table[slot] = at;
    if (candidate < 0 || word(input, candidate) !== word(input, at)) {
      // What does not repeat is skipped ever faster.
      at += 1 + (misses++ >> 6);
      continue;
    }
    misses = 0;
    let end = at + SHORTEST;
    const distance = at - candidate;
    while (end < lastEnd && input[end] === input[end - distance]) end++;
    sink(literalFrom, at, distance, end - at);
    at = end;
    literalFrom = end;
  }
  sink(literalFrom, to, 0, 0);
}

function word(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}
