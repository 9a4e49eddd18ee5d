/**
 * A zxid names a txn and orders all of them: the epoch of the leader that proposed it, and a counter within that epoch.
 * On the wire it is 64 bits, 32 and 32. Here it is a safe integer, so an epoch must stay below 2^21 (two million leaderships).
 */
const COUNTERS = 0x1_0000_0000;

export const NO_ZXID = 0;

export function makeZxid(epoch: number, counter: number): number {
  return epoch * COUNTERS + counter;
}

export function epochOfZxid(zxid: number): number {
  return Math.floor(zxid / COUNTERS);
}

export function counterOfZxid(zxid: number): number {
  return zxid % COUNTERS;
}

/** As ZooKeeper prints it: `0x100000003`. */
export function formatZxid(zxid: number): string {
  return `0x${zxid.toString(16)}`;
}

/** The last counter of an epoch; a leader that reached it must hand over, since the next zxid would look like a later epoch. */
export const LAST_COUNTER = 0xffff_ffff;
