/** Every tool: one line each, in the order of their names. */

import { acls } from './acls.ts';
import { brokerApiVersions } from './broker-api-versions.ts';
import { cluster } from './cluster.ts';
import { configs } from './configs.ts';
import { consoleConsumer } from './console-consumer.ts';
import { consoleProducer } from './console-producer.ts';
import { consumerGroups } from './consumer-groups.ts';
import { deleteRecords } from './delete-records.ts';
import { dumpLog } from './dump-log.ts';
import { features } from './features.ts';
import { getOffsets } from './get-offsets.ts';
import { groups } from './groups.ts';
import { kcat } from './kcat.ts';
import { leaderElection } from './leader-election.ts';
import { logDirs } from './log-dirs.ts';
import { metadataQuorum } from './metadata-quorum.ts';
import { producerPerfTest } from './producer-perf-test.ts';
import { reassignPartitions } from './reassign-partitions.ts';
import type { Tool } from './tool.ts';
import { topics } from './topics.ts';
import { transactions } from './transactions.ts';

export const TOOLS: readonly Tool[] = [
  acls,
  brokerApiVersions,
  cluster,
  configs,
  consoleConsumer,
  consoleProducer,
  consumerGroups,
  deleteRecords,
  dumpLog,
  features,
  getOffsets,
  groups,
  leaderElection,
  logDirs,
  metadataQuorum,
  producerPerfTest,
  reassignPartitions,
  topics,
  transactions,
  kcat,
];

const byName = new Map(TOOLS.map((tool) => [tool.name, tool]));

export function toolNamed(name: string): Tool | undefined {
  return byName.get(name);
}

/** `bin/kafka-topics.sh` → `kafka-topics`; undefined for what is called like no tool of Kafka's. */
export function toolCalled(word: string): string | undefined {
  const name = word.replace(/^.*\//, '').replace(/\.(sh|bat)$/, '');
  return byName.has(name) || /^kafka-[a-z-]+$/.test(name) ? name : undefined;
}
