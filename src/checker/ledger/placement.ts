/** Where every record stands in the log that readers of a partition see: the leader's, below its high watermark. */
import type { ReplicaLog, ReplicaLogs, StoredBatch } from '../batches.ts';
import type { CommittedLogs } from '../committed.ts';
import type { Sends } from './sends.ts';
import type { SentBatch } from './sent-batch.ts';

export interface Placed {
  readonly stored: StoredBatch;
  readonly sent: SentBatch | undefined;
}

/** The leader's log as readers see it; undefined where there is no leader that runs. */
export function readable(committed: CommittedLogs, logs: ReplicaLogs, partition: string): ReplicaLog | undefined {
  const authority = committed.byPartition.get(partition);
  if (authority === undefined || authority.leader < 0) return undefined;
  return logs.get(partition, `broker-${authority.leader}`);
}

/** Its batches between log start and high watermark, in order, with what was sent. */
export function placed(log: ReplicaLog, sends: Sends): readonly Placed[] {
  const found: Placed[] = [];
  for (const stored of log.batches) {
    if (stored.lastOffset < log.startOffset) continue;
    if (stored.lastOffset >= log.highWatermark) break;
    found.push({ stored, sent: sends.find(log.partition, stored) });
  }
  return found;
}
