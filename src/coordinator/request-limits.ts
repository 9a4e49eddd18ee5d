import { ErrorCode } from '../protocol/errors.ts';

/** What one request may ask of a controller, so that no client can make it run out of memory or time. */

/** Partitions that one request may make (`QuorumController.MAX_RECORDS_PER_USER_OP`; here in ZooKeeper mode too). */
export const MOST_NEW_PARTITIONS = 10_000;

export const TOO_MANY_PARTITIONS = {
  errorCode: ErrorCode.POLICY_VIOLATION,
  errorMessage: `more than ${MOST_NEW_PARTITIONS} partitions in one request`,
};

/** Whether so many are too many together. What is negative is somebody else's to refuse. */
export function areTooMany(counts: readonly number[]): boolean {
  let sum = 0;
  for (const count of counts) if (count > 0) sum += count;
  return sum > MOST_NEW_PARTITIONS;
}

/** Names that stand more than once in a request. */
export function repeatedNames(topics: readonly { readonly name: string }[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const { name } of topics) {
    if (seen.has(name)) repeated.add(name);
    seen.add(name);
  }
  return repeated;
}
