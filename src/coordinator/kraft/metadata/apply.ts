/** `apply`: the only writer of metadata, on the active controller, on its standbys and on brokers alike. */
import { assert } from '../../../kernel/assert.ts';
import type { AclBinding } from '../../../protocol/acl.ts';
import { configResourceType } from '../../../protocol/config-resource.ts';
import { partitionName } from '../../../protocol/partition-name.ts';
import { securityProtocolOf } from '../../../protocol/security-protocol.ts';
import type { ConfigKey } from '../../config-resources.ts';
import type { ListenerEndpoint, PartitionState, QuotaEntity } from '../../index.ts';
import type { ClusterMetadata } from './cluster-metadata.ts';
import {
  type AclRecord,
  type BrokerRegistrationChangeRecord,
  type ClientQuotaRecord,
  type ConfigRecord,
  type Endpoint,
  INTERNAL_LISTENER,
  type MetadataRecord,
  NO_LEADER_CHANGE,
  type PartitionChangeRecord,
  type PartitionRecord,
  type RegisterBrokerRecord,
} from './records.ts';
import { sharedIds } from './shared-states.ts';

export function apply(metadata: ClusterMetadata, record: MetadataRecord, offset: number): void {
  metadata.offset = offset;
  switch (record.kind) {
    case 'register-broker':
      registerBroker(metadata, record);
      break;
    case 'unregister-broker':
      metadata.removeBroker(record.brokerId);
      break;
    case 'topic':
      metadata.addTopic(record.name, record.topicId);
      break;
    case 'partition':
      addPartition(metadata, record);
      break;
    case 'partition-change':
      changePartition(metadata, record);
      break;
    case 'config':
      metadata.setConfig(configKey(record), record.name, record.value);
      break;
    case 'remove-topic': {
      const topic = metadata.topicById(record.topicId);
      assert(topic !== undefined, `the metadata log removes the unknown topic ${record.topicId}`);
      metadata.removeTopic(topic);
      break;
    }
    case 'feature-level':
      metadata.setFeature(record.name, record.featureLevel);
      break;
    case 'producer-ids':
      metadata.nextProducerId = record.nextProducerId;
      break;
    case 'broker-registration-change':
      changeRegistration(metadata, record);
      break;
    case 'clear-elr':
      clearElr(metadata, record.topicName);
      break;
    case 'acl':
      metadata.security = metadata.security.withAcl(record.id, aclOf(record));
      break;
    case 'remove-acl':
      metadata.security = metadata.security.withoutAcl(record.id);
      break;
    case 'user-scram-credential': {
      const { name, mechanism, salt, iterations, storedKey, serverKey } = record;
      const credential = { salt, iterations, storedKey, serverKey };
      metadata.security = metadata.security.withCredential(name, mechanism, credential);
      break;
    }
    case 'remove-user-scram-credential':
      metadata.security = metadata.security.withCredential(record.name, record.mechanism, null);
      break;
    case 'client-quota': {
      const { key, value, remove } = record;
      metadata.security = metadata.security.withQuota(quotaEntity(record), key, remove ? null : value);
      break;
    }
    case 'begin-transaction':
    case 'end-transaction':
    case 'no-op':
      break;
  }
}

function aclOf(record: AclRecord): AclBinding {
  const { resourceType, resourceName, patternType, principal, host, operation, permissionType } = record;
  return { resourceType, resourceName, patternType, principal, host, operation, permissionType };
}

export function quotaEntity({ entity }: Pick<ClientQuotaRecord, 'entity'>): QuotaEntity {
  return new Map(entity.map(({ entityType, entityName }) => [entityType, entityName]));
}

export function configKey(record: Pick<ConfigRecord, 'resourceType' | 'resourceName'>): ConfigKey {
  return `${configResourceType(record.resourceType) ?? 'broker'}/${record.resourceName}`;
}

function registerBroker(metadata: ClusterMetadata, record: RegisterBrokerRecord): void {
  const { endPoints } = record;
  const between = endPoints.find(({ name }) => name === INTERNAL_LISTENER);
  metadata.setBroker({
    id: record.brokerId,
    epoch: record.brokerEpoch,
    node: between?.host ?? '',
    endpoints: endPoints.filter(({ name }) => name !== INTERNAL_LISTENER).map(clientEndpoint),
    incarnationId: record.incarnationId,
    features: record.features,
    rack: record.rack,
    fenced: record.fenced,
    inControlledShutdown: record.inControlledShutdown,
    directories: record.logDirs,
  });
}

function clientEndpoint({ name, securityProtocol, host, port }: Endpoint): ListenerEndpoint {
  return { name, securityProtocol: securityProtocolOf(securityProtocol) ?? 'PLAINTEXT', host, port };
}

function changeRegistration(metadata: ClusterMetadata, record: BrokerRegistrationChangeRecord): void {
  const broker = metadata.brokers.get(record.brokerId);
  assert(broker?.epoch === record.brokerEpoch, `a registration change names broker epoch ${record.brokerEpoch}`);
  metadata.setBroker({
    ...broker,
    fenced: record.fenced === 0 ? broker.fenced : record.fenced > 0,
    inControlledShutdown: record.inControlledShutdown === 1 || broker.inControlledShutdown,
    directories: record.logDirs.length === 0 ? broker.directories : record.logDirs,
  });
}

function addPartition(metadata: ClusterMetadata, record: PartitionRecord): void {
  const topic = metadata.topicById(record.topicId);
  assert(topic !== undefined, `the metadata log adds a partition to the unknown topic ${record.topicId}`);
  metadata.setPartition(topic, {
    topic: topic.name,
    topicId: topic.id,
    partition: record.partitionId,
    name: partitionName(topic.name, record.partitionId),
    replicas: sharedIds(record.replicas),
    addingReplicas: sharedIds(record.addingReplicas),
    removingReplicas: sharedIds(record.removingReplicas),
    isr: sharedIds(record.isr),
    elr: sharedIds(record.eligibleLeaderReplicas ?? []),
    lastKnownElr: sharedIds(record.lastKnownElr ?? []),
    leader: record.leader,
    leaderEpoch: record.leaderEpoch,
    partitionEpoch: record.partitionEpoch,
    recovering: record.leaderRecoveryState === 1,
  });
}

function changePartition(metadata: ClusterMetadata, record: PartitionChangeRecord): void {
  const topic = metadata.topicById(record.topicId);
  const before = topic?.partitions[record.partitionId];
  assert(topic !== undefined && before !== undefined, `a change of an unknown partition of topic ${record.topicId}`);
  metadata.setPartition(topic, merge(before, record));
}

/** The partition epoch counts every change; the leader epoch those that name a leader, be it the same. */
export function merge(before: PartitionState, record: PartitionChangeRecord): PartitionState {
  const namesLeader = record.leader !== NO_LEADER_CHANGE;
  return {
    ...before,
    replicas: sharedIds(record.replicas ?? before.replicas),
    addingReplicas: sharedIds(record.addingReplicas ?? before.addingReplicas),
    removingReplicas: sharedIds(record.removingReplicas ?? before.removingReplicas),
    isr: sharedIds(record.isr ?? before.isr),
    elr: sharedIds(record.eligibleLeaderReplicas ?? before.elr),
    lastKnownElr: sharedIds(record.lastKnownElr ?? before.lastKnownElr),
    leader: namesLeader ? record.leader : before.leader,
    leaderEpoch: before.leaderEpoch + (namesLeader ? 1 : 0),
    partitionEpoch: before.partitionEpoch + 1,
    recovering: record.leaderRecoveryState === -1 ? before.recovering : record.leaderRecoveryState === 1,
  };
}

function clearElr(metadata: ClusterMetadata, topicName: string): void {
  for (const topic of [...metadata.topics.values()]) {
    if (topicName !== '' && topic.name !== topicName) continue;
    for (const state of topic.partitions) {
      if (state.elr.length === 0 && state.lastKnownElr.length === 0) continue;
      const current = metadata.topics.get(topic.name)!;
      metadata.setPartition(current, { ...state, elr: [], lastKnownElr: [], partitionEpoch: state.partitionEpoch + 1 });
    }
  }
}
