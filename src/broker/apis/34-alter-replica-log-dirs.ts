/**
 * AlterReplicaLogDirs, versions as the release offers them (3.9: 0–2, 4.x: 1–2; KIP-113). Names the log directory in which this broker
 * is to keep a replica. Kafka's `ReplicaManager.alterReplicaLogDirs`.
 *
 * Not simulated: the move itself. What is there already is there (no error); a directory that nobody has, or that failed, is told;
 * anything else answers UNSUPPORTED_VERSION for the partition.
 */
import { AlterReplicaLogDirs } from '../../protocol/apis/34-alter-replica-log-dirs.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { type BrokerServices, handler } from '../services.ts';
import { logDirName } from './35-describe-log-dirs.ts';

export const alterReplicaLogDirs = handler(AlterReplicaLogDirs, (services, request) => {
  const byTopic = new Map<string, { partitionIndex: number; errorCode: number }[]>();
  for (const { path, topics } of request.body.dirs) {
    for (const { name, partitions } of topics) {
      const results = byTopic.get(name) ?? [];
      byTopic.set(name, results);
      for (const partitionIndex of partitions)
        results.push({ partitionIndex, errorCode: move(services, path, name, partitionIndex) });
    }
  }
  const results = [...byTopic].map(([topicName, partitions]) => ({ topicName, partitions }));
  request.respond({ throttleTimeMs: 0, results });
});

function move({ replicas, context }: BrokerServices, path: string, topic: string, index: number): number {
  const disk = Array.from({ length: context.diskCount }, (_, at) => at).find((at) => logDirName(at) === path);
  if (disk === undefined) return ErrorCode.LOG_DIR_NOT_FOUND;
  if (replicas.logDirs.isFailed(disk)) return ErrorCode.KAFKA_STORAGE_ERROR;
  const partition = replicas.get(topic, index);
  if (partition === undefined) {
    const error = replicas.lookupError(topic, index);
    return error === ErrorCode.NOT_LEADER_OR_FOLLOWER ? ErrorCode.REPLICA_NOT_AVAILABLE : error;
  }
  return replicas.logs.diskOf(partition.name) === disk ? ErrorCode.NONE : ErrorCode.UNSUPPORTED_VERSION;
}
