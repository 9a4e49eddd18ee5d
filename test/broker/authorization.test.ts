/** What a broker with an authorizer refuses, with which error, and what it hides. */
import { describe, expect, test } from 'vitest';
import { groupCoordinator } from '../../src/broker/groups/coordinator.ts';
import { GUARDS } from '../../src/broker/security/guards/index.ts';
import { CONTROLLER_APIS } from '../../src/coordinator/kraft/controller/apis.ts';
import { SecurityState } from '../../src/coordinator/security/security-state.ts';
import { HANDLED } from '../../src/coordinator/zookeeper/kafka/request-desk.ts';
import { Operation, PatternType, Permission, ResourceType } from '../../src/protocol/acl.ts';
import { Fetch } from '../../src/protocol/apis/01-fetch.ts';
import { ListOffsets } from '../../src/protocol/apis/02-list-offsets.ts';
import { Metadata } from '../../src/protocol/apis/03-metadata.ts';
import { OffsetCommit } from '../../src/protocol/apis/08-offset-commit.ts';
import { OffsetFetch } from '../../src/protocol/apis/09-offset-fetch.ts';
import { FindCoordinator } from '../../src/protocol/apis/10-find-coordinator.ts';
import { JoinGroup } from '../../src/protocol/apis/11-join-group.ts';
import { Heartbeat } from '../../src/protocol/apis/12-heartbeat.ts';
import { LeaveGroup } from '../../src/protocol/apis/13-leave-group.ts';
import { SyncGroup } from '../../src/protocol/apis/14-sync-group.ts';
import { DescribeGroups } from '../../src/protocol/apis/15-describe-groups.ts';
import { ListGroups } from '../../src/protocol/apis/16-list-groups.ts';
import { ApiVersions } from '../../src/protocol/apis/18-api-versions.ts';
import { CreateTopics } from '../../src/protocol/apis/19-create-topics.ts';
import { DeleteRecords } from '../../src/protocol/apis/21-delete-records.ts';
import { InitProducerId } from '../../src/protocol/apis/22-init-producer-id.ts';
import { OffsetForLeaderEpoch } from '../../src/protocol/apis/23-offset-for-leader-epoch.ts';
import { DescribeAcls } from '../../src/protocol/apis/29-describe-acls.ts';
import { DescribeConfigs } from '../../src/protocol/apis/32-describe-configs.ts';
import { DescribeLogDirs } from '../../src/protocol/apis/35-describe-log-dirs.ts';
import { DeleteGroups } from '../../src/protocol/apis/42-delete-groups.ts';
import { OffsetDelete } from '../../src/protocol/apis/47-offset-delete.ts';
import { DescribeClientQuotas } from '../../src/protocol/apis/48-describe-client-quotas.ts';
import { DescribeUserScramCredentials } from '../../src/protocol/apis/50-describe-user-scram-credentials.ts';
import { DescribeCluster } from '../../src/protocol/apis/60-describe-cluster.ts';
import { DescribeProducers } from '../../src/protocol/apis/61-describe-producers.ts';
import { DescribeTopicPartitions } from '../../src/protocol/apis/75-describe-topic-partitions.ts';
import { apiByKey } from '../../src/protocol/apis/index.ts';
import { errorName } from '../../src/protocol/errors.ts';
import type { Api } from '../../src/protocol/schema.ts';
import { answerOf, Harness } from './harness.ts';

const config = { 'authorizer.class.name': 'authorizer', 'auto.create.topics.enable': 'true' };

type Rule = readonly [
  operation: keyof typeof Operation,
  type: keyof typeof ResourceType,
  name: string,
  permission?: 'deny',
];

function state(...rules: readonly Rule[]): SecurityState {
  let made = SecurityState.empty;
  for (const [i, [operation, type, resourceName, permission]] of rules.entries()) {
    made = made.withAcl(String(i), {
      resourceType: ResourceType[type],
      resourceName,
      patternType: PatternType.literal,
      principal: 'User:ANONYMOUS',
      host: '*',
      operation: Operation[operation],
      permissionType: Permission[permission ?? 'allow'],
    });
  }
  return made;
}

function brokers(rules: readonly Rule[] = [], more: Record<string, string> = {}): Harness {
  const h = new Harness({ brokers: 1, config: { ...config, ...more }, coordinators: [groupCoordinator] });
  h.authority.security = state(...rules);
  h.authority.createTopic('orders', [[1]]);
  h.authority.createTopic('secret', [[1]]);
  h.authority.createTopic('__consumer_offsets', [[1]]);
  h.run(1000);
  return h;
}

/** Names of all errors in an answer, in order, each once. */
function errorsIn(value: unknown): string[] {
  const found: string[] = [];
  JSON.stringify(value, (key, inner: unknown) => {
    if (/^(partition|topicConfig)?errorCode$/i.test(key) && inner !== 0) found.push(errorName(inner as number));
    return typeof inner === 'bigint' ? String(inner) : inner;
  });
  return [...new Set(found)];
}

const topics = [{ name: 'secret', partitions: [{ partitionIndex: 0 }] }];
const group = { groupId: 'billing' };
const filter = {
  resourceTypeFilter: 1,
  resourceNameFilter: null,
  patternTypeFilter: 1,
  principalFilter: null,
  hostFilter: null,
  operation: 1,
  permissionType: 1,
};

/** Each API, asked by somebody who may do nothing. */
const REFUSED: readonly [api: Api, version: number, body: unknown, error: string][] = (
  [
    [ListOffsets, 9, ListOffsets.request.make({ replicaId: -1, topics }), 'TOPIC_AUTHORIZATION_FAILED'],
    [
      OffsetForLeaderEpoch,
      4,
      OffsetForLeaderEpoch.request.make({ topics: [{ topic: 'secret', partitions: [{ partition: 0 }] }] }),
      'TOPIC_AUTHORIZATION_FAILED',
    ],
    [DeleteRecords, 2, DeleteRecords.request.make({ topics }), 'TOPIC_AUTHORIZATION_FAILED'],
    [
      DescribeProducers,
      0,
      DescribeProducers.request.make({ topics: [{ name: 'secret', partitionIndexes: [0] }] }),
      'TOPIC_AUTHORIZATION_FAILED',
    ],
    [
      DescribeTopicPartitions,
      0,
      DescribeTopicPartitions.request.make({ topics: [{ name: 'secret' }], responsePartitionLimit: 10 }),
      'TOPIC_AUTHORIZATION_FAILED',
    ],
    [CreateTopics, 7, CreateTopics.request.make({ topics: [{ name: 'new' }] }), 'TOPIC_AUTHORIZATION_FAILED'],
    [
      DescribeConfigs,
      4,
      DescribeConfigs.request.make({
        resources: [{ resourceType: 2, resourceName: 'secret', configurationKeys: null }],
      }),
      'TOPIC_AUTHORIZATION_FAILED',
    ],
    [
      DescribeConfigs,
      4,
      DescribeConfigs.request.make({ resources: [{ resourceType: 4, resourceName: '1', configurationKeys: null }] }),
      'CLUSTER_AUTHORIZATION_FAILED',
    ],
    [FindCoordinator, 6, FindCoordinator.request.make({ coordinatorKeys: ['billing'] }), 'GROUP_AUTHORIZATION_FAILED'],
    [FindCoordinator, 3, FindCoordinator.request.make({ key: 'billing' }), 'GROUP_AUTHORIZATION_FAILED'],
    [
      FindCoordinator,
      6,
      FindCoordinator.request.make({ keyType: 1, coordinatorKeys: ['t'] }),
      'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
    ],
    [JoinGroup, 9, JoinGroup.request.make(group), 'GROUP_AUTHORIZATION_FAILED'],
    [SyncGroup, 5, SyncGroup.request.make(group), 'GROUP_AUTHORIZATION_FAILED'],
    [Heartbeat, 4, Heartbeat.request.make(group), 'GROUP_AUTHORIZATION_FAILED'],
    [LeaveGroup, 5, LeaveGroup.request.make(group), 'GROUP_AUTHORIZATION_FAILED'],
    [OffsetCommit, 9, OffsetCommit.request.make({ ...group, topics }), 'GROUP_AUTHORIZATION_FAILED'],
    [OffsetFetch, 9, OffsetFetch.request.make({ groups: [{ ...group, topics: null }] }), 'GROUP_AUTHORIZATION_FAILED'],
    [OffsetFetch, 7, OffsetFetch.request.make({ ...group, topics: null }), 'GROUP_AUTHORIZATION_FAILED'],
    [DescribeGroups, 5, DescribeGroups.request.make({ groups: ['billing'] }), 'GROUP_AUTHORIZATION_FAILED'],
    [DeleteGroups, 2, DeleteGroups.request.make({ groupsNames: ['billing'] }), 'GROUP_AUTHORIZATION_FAILED'],
    [OffsetDelete, 0, OffsetDelete.request.make({ ...group, topics }), 'GROUP_AUTHORIZATION_FAILED'],
    [InitProducerId, 5, InitProducerId.request.make({ transactionalId: null }), 'CLUSTER_AUTHORIZATION_FAILED'],
    [InitProducerId, 5, InitProducerId.request.make({ transactionalId: 't' }), 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED'],
    [DescribeLogDirs, 4, DescribeLogDirs.request.make({ topics: null }), 'CLUSTER_AUTHORIZATION_FAILED'],
    [DescribeAcls, 3, DescribeAcls.request.make(filter), 'CLUSTER_AUTHORIZATION_FAILED'],
    [DescribeClientQuotas, 1, DescribeClientQuotas.request.make({}), 'CLUSTER_AUTHORIZATION_FAILED'],
    [DescribeUserScramCredentials, 0, DescribeUserScramCredentials.request.make({}), 'CLUSTER_AUTHORIZATION_FAILED'],
  ] as readonly (readonly [unknown, number, unknown, string])[]
).map(([api, version, body, error]) => [api as Api, version, body, error]);

test.each(REFUSED.map((row) => ({ name: row[0].name, row })))('$name is refused', ({ row }) => {
  const [api, version, body, error] = row;
  const h = brokers();
  expect(errorsIn(h.call(1, api, version, body as never))).toEqual([error]);
});

test('the same is allowed to a super user, and to everybody where no ACL is found if that is wanted', () => {
  for (const more of [{ 'super.users': 'User:x;User:ANONYMOUS' }, { 'allow.everyone.if.no.acl.found': 'true' }]) {
    const h = brokers([], more);
    const describe = h.call(1, DescribeAcls, 3, DescribeAcls.request.make(filter));
    expect(errorsIn(describe)).toEqual([]);
    expect(answerOf(h.produce(1, 'secret-0')) ?? h.produced(1, 'secret-0')).toMatchObject({ errorCode: 0 });
  }
});

describe('a request of which a part is allowed', () => {
  test('ListOffsets answers for each topic', () => {
    const h = brokers([['describe', 'topic', 'orders']]);
    const body = ListOffsets.request.make({
      replicaId: -1,
      topics: ['orders', 'secret', 'nowhere'].map((name) => ({
        name,
        partitions: [{ partitionIndex: 0, timestamp: -1 }],
      })),
    });
    const { topics: answered } = h.call(1, ListOffsets, 9, body);
    expect(answered.map(({ name, partitions }) => [name, errorName(partitions[0]!.errorCode)])).toEqual([
      ['orders', 'NONE'],
      ['secret', 'TOPIC_AUTHORIZATION_FAILED'],
      // Whether it exists is not told.
      ['nowhere', 'TOPIC_AUTHORIZATION_FAILED'],
    ]);
  });

  test('Metadata hides what may not be described, and says what may be done', () => {
    const h = brokers([
      ['read', 'topic', 'orders'],
      ['describe', 'cluster', 'kafka-cluster'],
    ]);
    const all = h.call(
      1,
      Metadata,
      12,
      Metadata.request.make({ topics: null, includeTopicAuthorizedOperations: true }),
    );
    const bits = (1 << Operation.read) | (1 << Operation.describe);
    expect(all.topics.map(({ name, topicAuthorizedOperations }) => [name, topicAuthorizedOperations])).toEqual([
      ['orders', bits],
    ]);
    const named = Metadata.request.make({ topics: ['orders', 'secret', 'nowhere'].map((name) => ({ name })) });
    const { topics: answered } = h.call(1, Metadata, 12, named);
    expect(answered.map(({ name, errorCode, partitions }) => [name, errorName(errorCode), partitions.length])).toEqual([
      ['orders', 'NONE', 1],
      ['secret', 'TOPIC_AUTHORIZATION_FAILED', 0],
      ['nowhere', 'TOPIC_AUTHORIZATION_FAILED', 0],
    ]);
    const asked = DescribeCluster.request.make({ endpointType: 1, includeClusterAuthorizedOperations: true });
    expect(h.call(1, DescribeCluster, 1, asked).clusterAuthorizedOperations).toBe(1 << Operation.describe);
  });

  test('Metadata does not create what may only be described', () => {
    const h = brokers([['describe', 'topic', 'fresh']]);
    const body = Metadata.request.make({ topics: [{ name: 'fresh' }], allowAutoTopicCreation: true });
    expect(errorsIn(h.call(1, Metadata, 12, body))).toEqual(['TOPIC_AUTHORIZATION_FAILED']);
    h.run(1000);
    expect(h.authority.topics.has('fresh')).toBe(false);
    h.authority.security = state(['describe', 'topic', 'fresh'], ['create', 'cluster', 'kafka-cluster']);
    h.authority.createTopic('other', [[1]]);
    h.run(100);
    h.call(1, Metadata, 12, body);
    h.run(1000);
    expect(h.authority.topics.has('fresh')).toBe(true);
  });

  test('ListGroups shows the groups that may be described', () => {
    const h = brokers([
      ['describe', 'group', 'billing'],
      ['read', 'group', 'billing'],
      ['read', 'group', 'other'],
      ['read', 'topic', 'orders'],
    ]);
    for (const groupId of ['billing', 'other']) {
      const asked = {
        groupId,
        generationIdOrMemberEpoch: -1,
        topics: [{ name: 'orders', partitions: [{}] }, ...topics],
      };
      const body = OffsetCommit.request.make(asked);
      expect(errorsIn(h.call(1, OffsetCommit, 9, body))).toEqual(['TOPIC_AUTHORIZATION_FAILED']);
    }
    expect(
      h
        .call(1, ListGroups, 5, ListGroups.request.make({}))
        .groups.map(({ groupId }) => groupId)
        .sort(),
    ).toEqual(['billing', 'other']);
    h.authority.security = state(['describe', 'group', 'billing'], ['describe', 'topic', 'nothing']);
    h.authority.createTopic('later', [[1]]);
    h.run(100);
    expect(h.call(1, ListGroups, 5, ListGroups.request.make({})).groups.map(({ groupId }) => groupId)).toEqual([
      'billing',
    ]);
    // Its offsets are of a topic that may not be described.
    const fetch = OffsetFetch.request.make({ groups: [{ groupId: 'billing', topics: null }] });
    expect(h.call(1, OffsetFetch, 9, fetch).groups).toMatchObject([{ groupId: 'billing', errorCode: 0, topics: [] }]);
  });
});

describe('records', () => {
  test('are written by whoever may write, and acks=0 closes the connection of others', () => {
    const h = brokers([['write', 'topic', 'orders']]);
    expect(h.produced(1, 'orders-0')).toMatchObject({ errorCode: 0 });
    expect(errorsIn(h.produced(1, 'secret-0'))).toEqual(['TOPIC_AUTHORIZATION_FAILED']);
    const before = h.lines('connection-closed').length;
    h.produce(1, 'secret-0', { acks: 0, connection: 'z' });
    h.run(100);
    expect(h.lines('connection-closed').length).toBe(before + 1);
  });

  test('are read by whoever may read, in a session by the ACLs of now', () => {
    const h = brokers([
      ['read', 'topic', 'orders'],
      ['write', 'topic', 'orders'],
    ]);
    h.produced(1, 'orders-0');
    const first = h.fetch(1, 'orders-0', 1, { sessionEpoch: 0, maxWaitMs: 0 });
    h.run(50);
    expect(errorsIn(first.value)).toEqual([]);
    const { sessionId } = first.value!;
    expect(sessionId).toBeGreaterThan(0);
    h.authority.security = state(['write', 'topic', 'orders']);
    h.authority.createTopic('later', [[1]]);
    h.run(100);
    const second = h.fetch(1, 'orders-0', 1, { sessionId, sessionEpoch: 1, unchanged: true, maxWaitMs: 0 });
    h.run(50);
    expect(errorsIn(second.value)).toEqual(['TOPIC_AUTHORIZATION_FAILED']);
  });

  test('a follower that comes to a client listener has to be allowed to act for the cluster', () => {
    const h = brokers([['read', 'topic', 'orders']]);
    const { topicId } = h.authority.partition('orders-0');
    const body = Fetch.request.make({
      replicaState: { replicaId: 2, replicaEpoch: -1 },
      sessionEpoch: -1,
      topics: [{ topicId, partitions: [{ partition: 0, partitionMaxBytes: 1000 }] }],
    });
    expect(errorsIn(h.call(1, Fetch, 17, body))).toEqual(['TOPIC_AUTHORIZATION_FAILED']);
  });

  test('an idempotent producer needs one topic that it may write to', () => {
    const h = brokers([['write', 'topic', 'orders']]);
    const body = InitProducerId.request.make({ transactionalId: null });
    expect(errorsIn(h.call(1, InitProducerId, 5, body))).not.toContain('CLUSTER_AUTHORIZATION_FAILED');
  });
});

/**
 * APIs that nobody is refused: the beginning of every connection, what a broker answers about the client itself, and delegation tokens,
 * which are everybody's own (and off).
 */
const OPEN = [
  'Fetch',
  'ApiVersions',
  'SaslHandshake',
  'SaslAuthenticate',
  'GetTelemetrySubscriptions',
  'PushTelemetry',
  'CreateDelegationToken',
  'RenewDelegationToken',
  'ExpireDelegationToken',
  'DescribeDelegationToken',
];

test('every API that a broker answers has its guard', () => {
  for (const mode of ['kraft', 'zookeeper'] as const) {
    const h = new Harness({ mode, brokers: 1, coordinators: [groupCoordinator] });
    const { apiKeys } = h.call(1, ApiVersions, 2, ApiVersions.request.make({}));
    const forwarded = CONTROLLER_APIS.flatMap(({ api, forwarded }) => (forwarded ? api.key : []));
    const keys = new Set([...apiKeys.map(({ apiKey }) => apiKey), ...forwarded, ...HANDLED]);
    expect(keys.size).toBeGreaterThan(40);
    const bare = [...keys].flatMap((key) => (GUARDS.has(key) ? [] : apiByKey(key)!.name));
    expect(bare.filter((name) => !OPEN.includes(name))).toEqual([]);
  }
});
