/** Feeds damaged messages to every decoder: each returns, or throws MalformedMessage, soon, and without taking much memory. */
import { MalformedMessage } from '../../src/protocol/wire-error.ts';
import { mutated, Random } from './mutate.ts';
import { type Target, targets } from './targets.ts';

export interface Failure {
  readonly target: string;
  readonly hex: string;
  readonly what: string;
}

export interface FuzzResult {
  readonly frames: number;
  readonly returned: number;
  readonly malformed: number;
  readonly failures: readonly Failure[];
  /** The longest that one frame took, in milliseconds of this process's processor time. */
  readonly slowestMs: number;
  readonly slowest: string;
}

const MOST_FAILURES = 20;
/** More than this for one small frame is a loop that a length decides. */
const LONGEST_MS = 1000;

/** Every decoder in turn, until so many frames were read. */
export function fuzzDecoders(count: number, seed: number): FuzzResult {
  const random = new Random(seed);
  const failures: Failure[] = [];
  let returned = 0;
  let malformed = 0;
  let slowestMs = 0;
  let slowest = '';
  for (let i = 0; i < count && failures.length < MOST_FAILURES; i++) {
    const target = targets[i % targets.length]!;
    const bytes = mutated(random.pick(target.seeds()), random);
    const startedMs = performance.now();
    const outcome = attempt(target, bytes);
    const tookMs = performance.now() - startedMs;
    if (tookMs > slowestMs) {
      slowestMs = tookMs;
      slowest = `${target.name} ${hexOf(bytes)}`;
    }
    if (outcome === 'returned') returned++;
    else if (outcome === 'malformed') malformed++;
    else failures.push({ target: target.name, hex: hexOf(bytes), what: outcome });
  }
  return { frames: returned + malformed + failures.length, returned, malformed, failures, slowestMs, slowest };
}

function attempt({ decode }: Target, bytes: Uint8Array): string {
  try {
    decode(bytes.slice());
    return 'returned';
  } catch (thrown) {
    if (thrown instanceof MalformedMessage) return 'malformed';
    return thrown instanceof Error ? `${thrown.stack}` : String(thrown);
  }
}

/** Whether a frame, again and alone, still takes too long: on a busy machine anything may be slow once. */
export function isSlow({ slowestMs }: FuzzResult): boolean {
  return slowestMs > LONGEST_MS;
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
