/** The cluster as a whole: its settings, its security, its brokers, and what brokers ask of each other. */
import { CLUSTER_NAME, Operation, ResourceType } from '../../../protocol/acl.ts';
import { LeaderAndIsr } from '../../../protocol/apis/04-leader-and-isr.ts';
import { StopReplica } from '../../../protocol/apis/05-stop-replica.ts';
import { UpdateMetadata } from '../../../protocol/apis/06-update-metadata.ts';
import { ControlledShutdown } from '../../../protocol/apis/07-controlled-shutdown.ts';
import { DescribeAcls } from '../../../protocol/apis/29-describe-acls.ts';
import { CreateAcls } from '../../../protocol/apis/30-create-acls.ts';
import { DeleteAcls } from '../../../protocol/apis/31-delete-acls.ts';
import { DescribeConfigs } from '../../../protocol/apis/32-describe-configs.ts';
import { AlterConfigs } from '../../../protocol/apis/33-alter-configs.ts';
import { AlterReplicaLogDirs } from '../../../protocol/apis/34-alter-replica-log-dirs.ts';
import { DescribeLogDirs } from '../../../protocol/apis/35-describe-log-dirs.ts';
import { ElectLeaders } from '../../../protocol/apis/43-elect-leaders.ts';
import { IncrementalAlterConfigs } from '../../../protocol/apis/44-incremental-alter-configs.ts';
import { AlterPartitionReassignments } from '../../../protocol/apis/45-alter-partition-reassignments.ts';
import { ListPartitionReassignments } from '../../../protocol/apis/46-list-partition-reassignments.ts';
import { DescribeClientQuotas } from '../../../protocol/apis/48-describe-client-quotas.ts';
import { AlterClientQuotas } from '../../../protocol/apis/49-alter-client-quotas.ts';
import { DescribeUserScramCredentials } from '../../../protocol/apis/50-describe-user-scram-credentials.ts';
import { AlterUserScramCredentials } from '../../../protocol/apis/51-alter-user-scram-credentials.ts';
import { DescribeQuorum } from '../../../protocol/apis/55-describe-quorum.ts';
import { AlterPartition } from '../../../protocol/apis/56-alter-partition.ts';
import { UpdateFeatures } from '../../../protocol/apis/57-update-features.ts';
import { DescribeCluster } from '../../../protocol/apis/60-describe-cluster.ts';
import { UnregisterBroker } from '../../../protocol/apis/64-unregister-broker.ts';
import { AllocateProducerIds } from '../../../protocol/apis/67-allocate-producer-ids.ts';
import { ListConfigResources } from '../../../protocol/apis/74-list-config-resources.ts';
import { AddRaftVoter } from '../../../protocol/apis/80-add-raft-voter.ts';
import { RemoveRaftVoter } from '../../../protocol/apis/81-remove-raft-voter.ts';
import { ErrorCode, errorMeaning } from '../../../protocol/errors.ts';
import { type Asker, type Guard, gate, guard, part } from '../guard.ts';
import { clusterOperations } from './topics.ts';

const refused = { errorCode: ErrorCode.CLUSTER_AUTHORIZATION_FAILED };
const refusedWithMessage = { ...refused, errorMessage: errorMeaning(refused.errorCode) };

const may = (operation: number) => (asker: Asker) => asker.mayOnCluster(operation);
const alter = may(Operation.alter);
const describe = may(Operation.describe);
const ofBrokers = may(Operation.clusterAction);

// ---- Settings: of topics and groups, each by itself; all others are the cluster's.

const CONFIG_TOPIC = 2;
const CONFIG_GROUP = 32;

interface Resource {
  readonly resourceType: number;
  readonly resourceName: string;
}

/** The resource that an ACL speaks of, and the error that says no. */
function guarded({ resourceType, resourceName }: Resource) {
  if (resourceType === CONFIG_TOPIC)
    return { type: ResourceType.topic, name: resourceName, error: ErrorCode.TOPIC_AUTHORIZATION_FAILED };
  if (resourceType === CONFIG_GROUP)
    return { type: ResourceType.group, name: resourceName, error: ErrorCode.GROUP_AUTHORIZATION_FAILED };
  return { type: ResourceType.cluster, name: CLUSTER_NAME, error: ErrorCode.CLUSTER_AUTHORIZATION_FAILED };
}

function partResources<R extends Resource>(asker: Asker, resources: readonly R[], operation: number) {
  const { kept, refused: out } = part(resources, (resource) => {
    const { type, name } = guarded(resource);
    return asker.may(operation, type, name);
  });
  const refusals = out.map((resource) => {
    const { error: errorCode } = guarded(resource);
    const { resourceType, resourceName } = resource;
    return { errorCode, errorMessage: errorMeaning(errorCode), resourceType, resourceName };
  });
  return { kept, refusals };
}

const describeConfigs = guard(DescribeConfigs, (asker, { body }, goOn) => {
  const { kept, refusals } = partResources(asker, body.resources, Operation.describeConfigs);
  if (refusals.length === 0) goOn(body);
  else
    goOn({ ...body, resources: kept }, (response) => ({
      ...response,
      results: [...response.results, ...refusals.map((refusal) => ({ ...refusal, configs: [] }))],
    }));
});

const alterConfigs = guard(AlterConfigs, (asker, request, goOn) => {
  const { kept, refusals } = partResources(asker, request.body.resources, Operation.alterConfigs);
  if (refusals.length === 0) goOn(request.body);
  else if (kept.length === 0) request.respond(AlterConfigs.response.make({ responses: refusals }));
  else
    goOn({ ...request.body, resources: kept }, (response) => ({
      ...response,
      responses: [...response.responses, ...refusals],
    }));
});

const incrementalAlterConfigs = guard(IncrementalAlterConfigs, (asker, request, goOn) => {
  const { kept, refusals } = partResources(asker, request.body.resources, Operation.alterConfigs);
  if (refusals.length === 0) goOn(request.body);
  else if (kept.length === 0) request.respond(IncrementalAlterConfigs.response.make({ responses: refusals }));
  else
    goOn({ ...request.body, resources: kept }, (response) => ({
      ...response,
      responses: [...response.responses, ...refusals],
    }));
});

const describeCluster = guard(DescribeCluster, (asker, { body }, goOn) =>
  goOn(body, (response) => ({
    ...response,
    clusterAuthorizedOperations: clusterOperations(asker, response.clusterAuthorizedOperations),
  })),
);

const settingsGuards: readonly Guard[] = [
  describeConfigs,
  alterConfigs,
  incrementalAlterConfigs,
  describeCluster,
  gate(ListConfigResources, may(Operation.describeConfigs), () => ListConfigResources.response.make(refused)),
];

const securityGuards: readonly Guard[] = [
  gate(DescribeAcls, describe, () => DescribeAcls.response.make(refusedWithMessage)),
  gate(CreateAcls, alter, ({ creations }) =>
    CreateAcls.response.make({ results: creations.map(() => refusedWithMessage) }),
  ),
  gate(DeleteAcls, alter, ({ filters }) =>
    DeleteAcls.response.make({ filterResults: filters.map(() => refusedWithMessage) }),
  ),
  gate(DescribeClientQuotas, may(Operation.describeConfigs), () =>
    DescribeClientQuotas.response.make({ ...refusedWithMessage, entries: null }),
  ),
  gate(AlterClientQuotas, may(Operation.alterConfigs), ({ entries }) =>
    AlterClientQuotas.response.make({ entries: entries.map(({ entity }) => ({ ...refusedWithMessage, entity })) }),
  ),
  gate(DescribeUserScramCredentials, describe, () => DescribeUserScramCredentials.response.make(refusedWithMessage)),
  gate(AlterUserScramCredentials, alter, ({ deletions, upsertions }) => {
    const users = new Set([...deletions, ...upsertions].map(({ name }) => name));
    return AlterUserScramCredentials.response.make({
      results: [...users].map((user) => ({ user, ...refusedWithMessage })),
    });
  }),
];

const operationsGuards: readonly Guard[] = [
  gate(AlterReplicaLogDirs, alter, ({ dirs }) =>
    AlterReplicaLogDirs.response.make({
      results: dirs.flatMap(({ topics }) =>
        topics.map(({ name, partitions }) => ({
          topicName: name,
          partitions: partitions.map((partitionIndex) => ({ partitionIndex, ...refused })),
        })),
      ),
    }),
  ),
  gate(DescribeLogDirs, describe, () => DescribeLogDirs.response.make(refused)),
  gate(ElectLeaders, alter, ({ topicPartitions }) =>
    ElectLeaders.response.make({
      ...refused,
      replicaElectionResults: (topicPartitions ?? []).map(({ topic, partitions }) => ({
        topic,
        partitionResult: partitions.map((partitionId) => ({ partitionId, ...refusedWithMessage })),
      })),
    }),
  ),
  gate(AlterPartitionReassignments, alter, () => AlterPartitionReassignments.response.make(refusedWithMessage)),
  gate(ListPartitionReassignments, describe, () => ListPartitionReassignments.response.make(refusedWithMessage)),
  gate(DescribeQuorum, describe, () => DescribeQuorum.response.make(refused)),
  gate(UpdateFeatures, alter, () => UpdateFeatures.response.make(refusedWithMessage)),
  gate(UnregisterBroker, alter, () => UnregisterBroker.response.make(refusedWithMessage)),
  gate(AddRaftVoter, alter, () => AddRaftVoter.response.make(refusedWithMessage)),
  gate(RemoveRaftVoter, alter, () => RemoveRaftVoter.response.make(refusedWithMessage)),
];

/** Between brokers; at a client's listener nobody but who may act for the cluster is heard. */
const brokerGuards: readonly Guard[] = [
  gate(LeaderAndIsr, ofBrokers, () => LeaderAndIsr.response.make(refused)),
  gate(StopReplica, ofBrokers, () => StopReplica.response.make(refused)),
  gate(UpdateMetadata, ofBrokers, () => UpdateMetadata.response.make(refused)),
  gate(ControlledShutdown, ofBrokers, () => ControlledShutdown.response.make(refused)),
  gate(AlterPartition, ofBrokers, () => AlterPartition.response.make(refused)),
  gate(AllocateProducerIds, ofBrokers, () => AllocateProducerIds.response.make(refused)),
];

export const clusterGuards: readonly Guard[] = [
  ...settingsGuards,
  ...securityGuards,
  ...operationsGuards,
  ...brokerGuards,
];
