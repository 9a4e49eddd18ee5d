import { METADATA_TOPIC_ID } from '../protocol/uuid.ts';
import type { LogConfig, LogHost, PartitionLog } from './api.ts';
import { FileReplacer } from './file-replacer.ts';
import { createLog, loadLog } from './load-log.ts';

/** The topic whose only partition is the log of the metadata quorum. */
export const METADATA_TOPIC = '__cluster_metadata';

/**
 * The Raft log of KRaft (`__cluster_metadata-0`), opened or made. It is checked from its beginning at every start, and its
 * high watermark is not written down: the quorum tells it anew (Kafka's KafkaMetadataLog).
 */
export function openMetadataLog(host: LogHost, config: LogConfig): PartitionLog {
  const files = new FileReplacer(host.disk, (error) => host.diskFailed?.(error));
  const environment = {
    host,
    files,
    changed: { highWatermarks: false, recoveryPoints: false },
    bounded: new Set<string>(),
  };
  const of = { topic: METADATA_TOPIC, partition: 0, config };
  const paths = host.disk.list(`${METADATA_TOPIC}-0/`);
  if (!paths.some((path) => path.endsWith('.log'))) {
    return createLog(environment, { ...of, topicId: METADATA_TOPIC_ID });
  }
  const checkpoints = { clean: false, recoveryPoint: 0, logStartOffset: 0, highWatermark: 0 };
  const { log } = loadLog(environment, { ...of, ...checkpoints, paths });
  log.assignTopicId(METADATA_TOPIC_ID);
  return log;
}
