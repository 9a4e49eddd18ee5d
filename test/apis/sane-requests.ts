import { encodeBatch } from '../../src/protocol/record-batch.ts';

/** What the requests are about. */
export interface Facts {
  /** Of the topic `orders`, which has two partitions and a record. */
  readonly topicId: string;
  readonly clusterId: string;
}

type Build = (facts: Facts, version: number) => object;

const batch = () =>
  encodeBatch({ records: [{ key: null, value: new TextEncoder().encode('x'), timestampMs: 1_704_067_200_000 }] });

const ORDERS_0 = [{ name: 'orders', partitionIndexes: [0], partitions: [0] }];
const byIdSince = (first: number, { topicId }: Facts, version: number) =>
  version >= first ? { topicId } : { name: 'orders', topic: 'orders' };
const TOPIC_RESOURCE = { resourceType: 2, resourceName: 'orders' };
const SUBSCRIPTION = new Uint8Array([0, 1, 0, 0, 0, 1, 0, 6, 111, 114, 100, 101, 114, 115, 0, 0, 0, 0, 0, 0, 0, 0]);

/** A request that makes sense, for every API that needs more than its defaults. */
export const SANE: { readonly [api: string]: Build } = {
  Produce: (facts, version) => ({
    acks: -1,
    timeoutMs: 1000,
    topicData: [
      { ...byIdSince(13, facts, version), partitionData: [{ index: 0, records: version < 3 ? null : batch() }] },
    ],
  }),
  Fetch: (facts, version) => ({
    maxBytes: 1000,
    sessionEpoch: -1,
    topics: [
      { ...byIdSince(13, facts, version), partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1000 }] },
    ],
  }),
  ListOffsets: (_, version) => ({
    replicaId: -1,
    topics: [
      {
        name: 'orders',
        partitions: [{ partitionIndex: 0, timestamp: -1, maxNumOffsets: version === 0 ? 1 : undefined }],
      },
    ],
  }),
  Metadata: () => ({ topics: [{ name: 'orders' }], allowAutoTopicCreation: true }),
  OffsetCommit: (facts, version) => ({
    groupId: 'simple',
    generationIdOrMemberEpoch: -1,
    topics: [{ ...byIdSince(10, facts, version), partitions: [{ partitionIndex: 0, committedOffset: 1 }] }],
  }),
  OffsetFetch: (facts, version) => {
    const topics = [{ ...byIdSince(10, facts, version), partitionIndexes: [0] }];
    return version >= 8 ? { groups: [{ groupId: 'simple', topics }] } : { groupId: 'simple', topics };
  },
  FindCoordinator: (_, version) => (version >= 4 ? { coordinatorKeys: ['simple', 'b'] } : { key: 'simple' }),
  JoinGroup: (_, version) => ({
    groupId: `joined-${version}`,
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: version === 0 ? -1 : 10_000,
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: SUBSCRIPTION }],
  }),
  Heartbeat: () => ({ groupId: 'simple', generationId: 1, memberId: 'm' }),
  LeaveGroup: (_, version) =>
    version >= 3 ? { groupId: 'simple', members: [{ memberId: 'm' }] } : { groupId: 'simple', memberId: 'm' },
  SyncGroup: () => ({ groupId: 'simple', generationId: 1, memberId: 'm' }),
  DescribeGroups: () => ({ groups: ['simple'] }),
  SaslHandshake: () => ({ mechanism: 'PLAIN' }),
  ApiVersions: (_, version) => (version >= 3 ? { clientSoftwareName: 'test', clientSoftwareVersion: '1.0' } : {}),
  CreateTopics: (_, version) => ({
    topics: [
      {
        name: `made-${version}`,
        numPartitions: 1,
        replicationFactor: 1,
        configs: [{ name: 'retention.ms', value: '1000' }],
      },
    ],
    timeoutMs: 10_000,
  }),
  DeleteTopics: (_, version) => ({
    ...(version >= 6 ? { topics: [{ name: `made-${version}` }] } : { topicNames: [`made-${version}`] }),
    timeoutMs: 10_000,
  }),
  DeleteRecords: () => ({
    topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, offset: 0 }] }],
    timeoutMs: 1000,
  }),
  InitProducerId: () => ({ transactionalId: null, transactionTimeoutMs: 60_000 }),
  OffsetForLeaderEpoch: () => ({
    topics: [{ topic: 'orders', partitions: [{ partition: 0, currentLeaderEpoch: -1, leaderEpoch: 0 }] }],
  }),
  AddPartitionsToTxn: (_, version) => {
    const topics = [{ name: 'orders', partitions: [0] }];
    const transaction = { transactionalId: 't', producerId: 1, producerEpoch: 0, topics };
    if (version >= 4) return { transactions: [transaction] };
    return {
      v3AndBelowTransactionalId: 't',
      v3AndBelowProducerId: 1,
      v3AndBelowProducerEpoch: 0,
      v3AndBelowTopics: topics,
    };
  },
  AddOffsetsToTxn: () => ({ transactionalId: 't', producerId: 1, producerEpoch: 0, groupId: 'g' }),
  EndTxn: () => ({ transactionalId: 't', producerId: 1, producerEpoch: 0, committed: true }),
  WriteTxnMarkers: () => ({
    markers: [{ producerId: 1, producerEpoch: 0, transactionResult: true, topics: ORDERS_0, coordinatorEpoch: 0 }],
  }),
  TxnOffsetCommit: () => ({ transactionalId: 't', groupId: 'g', producerId: 1, producerEpoch: 0 }),
  DescribeAcls: (_, version) => ({
    resourceTypeFilter: 1,
    patternTypeFilter: version >= 1 ? 1 : undefined,
    operation: 1,
    permissionType: 1,
  }),
  DescribeConfigs: () => ({ resources: [{ ...TOPIC_RESOURCE, configurationKeys: ['retention.ms'] }] }),
  AlterConfigs: () => ({ resources: [{ ...TOPIC_RESOURCE, configs: [{ name: 'retention.ms', value: '5000' }] }] }),
  IncrementalAlterConfigs: () => ({
    resources: [{ ...TOPIC_RESOURCE, configs: [{ name: 'retention.ms', configOperation: 0, value: '6000' }] }],
  }),
  AlterReplicaLogDirs: () => ({ dirs: [{ path: '/nowhere', topics: [{ name: 'orders', partitions: [0] }] }] }),
  DescribeLogDirs: () => ({ topics: null }),
  SaslAuthenticate: () => ({ authBytes: new Uint8Array(0) }),
  CreatePartitions: (_, version) => ({
    topics: [{ name: 'grows', count: 2 + version, assignments: null }],
    timeoutMs: 10_000,
  }),
  CreateDelegationToken: () => ({ maxLifetimeMs: -1 }),
  DeleteGroups: () => ({ groupsNames: ['nobody'] }),
  ElectLeaders: () => ({ topicPartitions: [{ topic: 'orders', partitions: [0] }], timeoutMs: 10_000 }),
  AlterPartitionReassignments: () => ({
    topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, replicas: [1] }] }],
    timeoutMs: 10_000,
  }),
  ListPartitionReassignments: () => ({ topics: null, timeoutMs: 10_000 }),
  OffsetDelete: () => ({ groupId: 'simple', topics: [{ name: 'orders', partitions: [{ partitionIndex: 1 }] }] }),
  DescribeClientQuotas: () => ({ components: [{ entityType: 'user', matchType: 2, match: null }] }),
  DescribeQuorum: () => ({ topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }] }),
  UpdateFeatures: (_, version) => ({
    featureUpdates: [{ feature: 'no.such.version', maxVersionLevel: 1 }],
    validateOnly: version >= 1 ? true : undefined,
  }),
  DescribeProducers: () => ({ topics: [{ name: 'orders', partitionIndexes: [0] }] }),
  UnregisterBroker: () => ({ brokerId: 99 }),
  DescribeTransactions: () => ({ transactionalIds: ['t'] }),
  ConsumerGroupHeartbeat: (_, version) => ({
    groupId: `modern-${version}`,
    memberId: version === 0 ? '' : 'AAAAAAAAAAAAAAAAAAAAAQ',
    memberEpoch: 0,
    rebalanceTimeoutMs: 10_000,
    subscribedTopicNames: ['orders'],
    topicPartitions: [],
  }),
  ConsumerGroupDescribe: () => ({ groupIds: ['nobody'] }),
  ShareGroupDescribe: () => ({ groupIds: ['nobody'] }),
  DescribeTopicPartitions: () => ({ topics: [{ name: 'orders' }] }),
  AddRaftVoter: ({ clusterId }) => ({ clusterId, timeoutMs: 1000, voterId: 9 }),
  RemoveRaftVoter: ({ clusterId }) => ({ clusterId, voterId: 1 }),
};
