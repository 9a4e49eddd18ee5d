/** How fast drivers in this process send, and how they read to the end. */
import type { Log } from './driver.ts';

export const LOAD_PERIOD_MS = 2;
/** Clients whose `send` waits for the acknowledgement send so many numbers at a time. */
export const LOAD_BATCH = 10;
const QUIET_MS = 500;
/** A log from which so long nothing came has no more to give. */
const SILENCE_MS = 8000;
const LIMIT_MS = 60_000;

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Waits until `done` says so; fails after a minute. */
export async function until(what: string, done: () => boolean): Promise<void> {
  for (const limitMs = Date.now() + LIMIT_MS; !done(); ) {
    if (Date.now() > limitMs) throw new Error(`${what}: not within ${LIMIT_MS / 1000} s`);
    await pause(20);
  }
}

/** Collects what `start` has delivered until `atLeast` numbers came and half a second brought no more, or nothing comes at all. */
export async function readQuietly(
  atLeast: number,
  start: (each: (partition: number, number: number) => void) => Promise<void>,
): Promise<Log> {
  const log = new Map<number, number[]>();
  let count = 0;
  let lastMs = Date.now();
  await start((partition, number) => {
    const numbers = log.get(partition) ?? [];
    numbers.push(number);
    log.set(partition, numbers);
    count++;
    lastMs = Date.now();
  });
  await until(`${atLeast} records`, () => Date.now() - lastMs >= (count >= atLeast ? QUIET_MS : SILENCE_MS));
  return log;
}
