/**
 * What a request costs a broker's handler threads, in microseconds. Rough measures of a JVM broker on a current server; they
 * decide when a slowed or crowded broker begins to queue, not how fast anything is. Waiting costs nothing.
 */
const SERVICE_US: ReadonlyMap<number, number> = new Map([
  [0, 80], // Produce
  [1, 50], // Fetch
  [2, 40], // ListOffsets
  [3, 60], // Metadata
  [8, 60], // OffsetCommit
  [9, 40], // OffsetFetch
  [11, 60], // JoinGroup
  [14, 60], // SyncGroup
  [12, 40], // Heartbeat
  [4, 80], // LeaderAndIsr
  [6, 80], // UpdateMetadata
]);

const OTHER_US = 50;

/** What a follower spends on an answer with records or news in it. In Kafka that is a thread of its own; here it shares the handlers'. */
export const FETCHED_US = 40;

const byKey: (number | undefined)[] = [];
for (const [key, us] of SERVICE_US) byKey[key] = us;

export function serviceUs(apiKey: number): number {
  return byKey[apiKey] ?? OTHER_US;
}
