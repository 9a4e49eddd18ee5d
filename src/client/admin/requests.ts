import { ListOffsets, type ListOffsetsResponse } from '../../protocol/apis/02-list-offsets.ts';
import { CreateTopics, type CreateTopicsResponse } from '../../protocol/apis/19-create-topics.ts';
import { DeleteTopics, type DeleteTopicsResponse } from '../../protocol/apis/20-delete-topics.ts';
import { CreatePartitions, type CreatePartitionsResponse } from '../../protocol/apis/37-create-partitions.ts';
import { ElectLeaders, type ElectLeadersResponse } from '../../protocol/apis/43-elect-leaders.ts';
import {
  IncrementalAlterConfigs,
  type IncrementalAlterConfigsResponse,
} from '../../protocol/apis/44-incremental-alter-configs.ts';
import { DescribeCluster, type DescribeClusterResponse } from '../../protocol/apis/60-describe-cluster.ts';
import type { AdminClient, AdminResult, AdminTarget } from './admin-client.ts';

type Done<Response> = (result: AdminResult<Response>) => void;

/** How long a broker may wait for the controller to carry out what was asked. */
const BROKER_TIMEOUT_MS = 30_000;
const CONTROLLER: AdminTarget = { kind: 'controller' };
const ANY: AdminTarget = { kind: 'any' };
const CONSUMER = -1;

export interface NewTopic {
  readonly name: string;
  /** -1: as the broker is configured, or as the assignment says. */
  readonly partitions: number;
  readonly replicationFactor: number;
  /** Replicas of each partition, the preferred leader first; empty: the controller decides. */
  readonly assignment: readonly (readonly number[])[];
  readonly config: Readonly<Record<string, string>>;
}

export function createTopics(admin: AdminClient, topics: readonly NewTopic[], done: Done<CreateTopicsResponse>): void {
  const body = CreateTopics.request.make({
    topics: topics.map(({ name, partitions, replicationFactor, assignment, config }) => ({
      name,
      numPartitions: assignment.length > 0 ? -1 : partitions,
      replicationFactor: assignment.length > 0 ? -1 : replicationFactor,
      assignments: assignment.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })),
      configs: Object.entries(config).map(([key, value]) => ({ name: key, value })),
    })),
    timeoutMs: BROKER_TIMEOUT_MS,
  });
  admin.request(CreateTopics, body, CONTROLLER, done);
}

export function deleteTopics(admin: AdminClient, names: readonly string[], done: Done<DeleteTopicsResponse>): void {
  const topics = names.map((name) => ({ name }));
  const body = DeleteTopics.request.make({ topics, topicNames: names, timeoutMs: BROKER_TIMEOUT_MS });
  admin.request(DeleteTopics, body, CONTROLLER, done);
}

/** `count`: partitions that the topic is to have in all. */
export function createPartitions(
  admin: AdminClient,
  topics: readonly { readonly name: string; readonly count: number }[],
  done: Done<CreatePartitionsResponse>,
): void {
  const described = topics.map(({ name, count }) => ({ name, count, assignments: null }));
  const body = CreatePartitions.request.make({ topics: described, timeoutMs: BROKER_TIMEOUT_MS, validateOnly: false });
  admin.request(CreatePartitions, body, CONTROLLER, done);
}

/** `partitions` null: of all topics. */
export function electLeaders(
  admin: AdminClient,
  type: 'preferred' | 'unclean',
  partitions: readonly { readonly topic: string; readonly partitions: readonly number[] }[] | null,
  done: Done<ElectLeadersResponse>,
): void {
  const electionType = type === 'preferred' ? 0 : 1;
  const body = ElectLeaders.request.make({ electionType, topicPartitions: partitions, timeoutMs: BROKER_TIMEOUT_MS });
  admin.request(ElectLeaders, body, CONTROLLER, done);
}

const RESOURCE = { topic: 2, broker: 4 } as const;
const SET = 0;
const DELETE = 1;

/** Sets values, and takes back those that are null. A broker with an empty name means all of them. */
export function alterConfigs(
  admin: AdminClient,
  resource: { readonly type: keyof typeof RESOURCE; readonly name: string },
  changes: Readonly<Record<string, string | null>>,
  done: Done<IncrementalAlterConfigsResponse>,
): void {
  const configs = Object.entries(changes).map(([name, value]) => ({
    name,
    configOperation: value === null ? DELETE : SET,
    value,
  }));
  const resources = [{ resourceType: RESOURCE[resource.type], resourceName: resource.name, configs }];
  const body = IncrementalAlterConfigs.request.make({ resources, validateOnly: false });
  const toBroker = resource.type === 'broker' && resource.name !== '';
  const target: AdminTarget = toBroker ? { kind: 'broker', id: Number(resource.name) } : ANY;
  admin.request(IncrementalAlterConfigs, body, target, done);
}

export function describeCluster(admin: AdminClient, done: Done<DescribeClusterResponse>): void {
  admin.request(DescribeCluster, DescribeCluster.request.make({}), ANY, done);
}

/** The first (-2) or next (-1) offset of a partition, or the first one with at least this timestamp. */
export function listOffset(
  admin: AdminClient,
  { topic, partition }: { readonly topic: string; readonly partition: number },
  timestamp: number,
  done: Done<ListOffsetsResponse>,
): void {
  const partitions = [{ partitionIndex: partition, timestamp }];
  const body = ListOffsets.request.make({ replicaId: CONSUMER, topics: [{ name: topic, partitions }] });
  admin.request(ListOffsets, body, { kind: 'leader', topic, partition }, done);
}
