/**
 * DescribeLogDirs, versions as the release offers them (3.9: 0–4, 4.2: 1–4; KIP-113). What lies in each log directory, and how
 * far each replica is behind the high watermark of its leader, as far as it knows that.
 *
 * Not simulated: sizes of volumes (-1), moving replicas between directories.
 */
import { DescribeLogDirs, type DescribeLogDirsResponse } from '../../protocol/apis/35-describe-log-dirs.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { Partition } from '../partition.ts';
import { type BrokerServices, handler } from '../services.ts';

type Directory = DescribeLogDirsResponse['results'][number];

export const describeLogDirs = handler(DescribeLogDirs, (services, request) => {
  const { topics } = request.body;
  const asked = topics && new Map(topics.map(({ topic, partitions }) => [topic, partitions]));
  const isAsked = ({ topic, index }: Partition): boolean =>
    asked === null || asked.get(topic)?.includes(index) === true;
  const results: Directory[] = [];
  for (let disk = 0; disk < services.context.diskCount; disk++) results.push(describe(services, disk, isAsked));
  request.respond({ throttleTimeMs: 0, errorCode: ErrorCode.NONE, results });
});

/** The name that a disk has in answers; in the simulation a directory is a whole disk. */
export function logDirName(disk: number): string {
  return `/var/lib/kafka/data-${disk}`;
}

function describe({ replicas }: BrokerServices, disk: number, isAsked: (partition: Partition) => boolean): Directory {
  const logDir = logDirName(disk);
  const unknown = { totalBytes: -1, usableBytes: -1 };
  if (replicas.logDirs.isFailed(disk))
    return { errorCode: ErrorCode.KAFKA_STORAGE_ERROR, logDir, topics: [], ...unknown };
  const byTopic = new Map<string, Directory['topics'][number]['partitions'][number][]>();
  for (const partition of replicas.partitions.values()) {
    if (!isAsked(partition) || replicas.logs.diskOf(partition.name) !== disk) continue;
    const { log, topic, index } = partition;
    const offsetLag = Math.max(0, log.highWatermark - log.logEndOffset);
    const described = { partitionIndex: index, partitionSize: log.sizeBytes, offsetLag, isFutureKey: false };
    const siblings = byTopic.get(topic);
    if (siblings === undefined) byTopic.set(topic, [described]);
    else siblings.push(described);
  }
  const topics = [...byTopic].map(([name, partitions]) => ({ name, partitions }));
  return { errorCode: ErrorCode.NONE, logDir, topics, ...unknown };
}
