/** What single APIs answer, asked over the wire of whole small clusters. */
import { beforeAll, describe, expect, test } from 'vitest';
import { brokersNumbered } from '../../src/cluster/options.ts';
import { Produce } from '../../src/protocol/apis/00-produce.ts';
import { Fetch } from '../../src/protocol/apis/01-fetch.ts';
import { ListOffsets } from '../../src/protocol/apis/02-list-offsets.ts';
import { Metadata } from '../../src/protocol/apis/03-metadata.ts';
import { ApiVersions } from '../../src/protocol/apis/18-api-versions.ts';
import { CreateTopics } from '../../src/protocol/apis/19-create-topics.ts';
import { DescribeConfigs } from '../../src/protocol/apis/32-describe-configs.ts';
import { AlterReplicaLogDirs } from '../../src/protocol/apis/34-alter-replica-log-dirs.ts';
import { IncrementalAlterConfigs } from '../../src/protocol/apis/44-incremental-alter-configs.ts';
import { UpdateFeatures } from '../../src/protocol/apis/57-update-features.ts';
import { ListConfigResources } from '../../src/protocol/apis/74-list-config-resources.ts';
import { DescribeTopicPartitions } from '../../src/protocol/apis/75-describe-topic-partitions.ts';
import { errorName } from '../../src/protocol/errors.ts';
import { encodeBatch } from '../../src/protocol/record-batch.ts';
import { FrameClient, VARIANTS, variantName } from './frame-client.ts';

const KRAFT = { mode: 'kraft', kafkaVersion: '4.2' } as const;
const TOPIC = 2;
const BROKER = 4;
const LOGGER = 8;
const CLIENT_METRICS = 16;
const GROUP = 32;

describe.each(VARIANTS)('$kafkaVersion in $mode mode', (variant) => {
  let client: FrameClient;
  beforeAll(() => {
    client = new FrameClient(variant);
  });

  const alter = (resourceType: number, resourceName: string, name: string, value: string) => {
    const configs = [{ name, value, configOperation: 0 }];
    const { responses } = client.ask(IncrementalAlterConfigs, 1, {
      resources: [{ resourceType, resourceName, configs }],
    });
    client.run(100);
    return errorName(responses[0]!.errorCode);
  };
  const describeOne = (resourceType: number, resourceName: string, keys: readonly string[] | null = null) =>
    client.ask(DescribeConfigs, 4, {
      resources: [{ resourceType, resourceName, configurationKeys: keys }],
      includeSynonyms: true,
      includeDocumentation: true,
    }).results[0]!;

  test('the answer to CreateTopics tells every setting of the topic, and where it comes from', () => {
    client.createTopic('warm-up');
    const configs = [{ name: 'retention.ms', value: '1000' }];
    const made = client.ask(CreateTopics, 7, {
      topics: [{ name: 'told', numPartitions: 1, replicationFactor: 1, configs }],
      timeoutMs: 10_000,
    }).topics[0]!;
    expect(made).toMatchObject({ errorCode: 0, numPartitions: 1, replicationFactor: 1 });
    expect(made.configs?.find(({ name }) => name === 'retention.ms')).toMatchObject({ value: '1000', configSource: 1 });
    expect(made.configs?.find(({ name }) => name === 'cleanup.policy')).toMatchObject({
      value: 'delete',
      configSource: 5,
    });
    const all = describeOne(TOPIC, 'told');
    expect(made.configs?.map(({ name }) => name)).toEqual(all.configs.map(({ name }) => name));
  });

  test('brokers: dynamic settings are taken and act, read-only ones are refused', () => {
    expect(alter(BROKER, '', 'message.max.bytes', '2000')).toBe('NONE');
    expect(alter(BROKER, '1', 'node.id', '7')).toBe('INVALID_REQUEST');
    expect(alter(BROKER, '1', 'nothing.of.the.kind', '7')).toBe('NONE');
    const big = encodeBatch({
      records: [{ key: null, value: new Uint8Array(3000), timestampMs: 1_704_067_200_000 }],
    });
    const produced = client.ask(Produce, 9, {
      acks: 1,
      timeoutMs: 1000,
      topicData: [{ name: 'told', partitionData: [{ index: 0, records: big }] }],
    });
    expect(errorName(produced.responses[0]!.partitionResponses[0]!.errorCode)).toBe('MESSAGE_TOO_LARGE');
    const [setting] = describeOne(TOPIC, 'told', ['max.message.bytes']).configs;
    expect(setting).toMatchObject({ value: '2000', configSource: 3, readOnly: false });
    expect(setting!.synonyms).toEqual([{ name: 'message.max.bytes', value: '2000', source: 3 }]);
    expect(describeOne(BROKER, '1', ['node.id']).configs[0]).toMatchObject({
      value: '1',
      readOnly: true,
      configSource: 4,
    });
    expect(describeOne(BROKER, '').configs.map(({ name }) => name)).toContain('message.max.bytes');
  });

  test('loggers are told; broker 2 is not described by broker 1', () => {
    expect(describeOne(LOGGER, '1', ['root']).configs[0]).toMatchObject({
      name: 'root',
      value: 'INFO',
      configSource: 6,
    });
    expect([describeOne(LOGGER, '').errorCode, describeOne(BROKER, '2').errorCode]).toEqual([42, 42]);
    expect(errorName(describeOne(TOPIC, 'nobody').errorCode)).toBe('UNKNOWN_TOPIC_OR_PARTITION');
    expect(errorName(describeOne(TOPIC, 'no good').errorCode)).toBe('INVALID_TOPIC_EXCEPTION');
  });

  test('special timestamps need their version', () => {
    const outcome = (version: number, timestamp: number) => {
      const topics = [{ name: 'told', partitions: [{ partitionIndex: 0, timestamp }] }];
      const { errorCode, offset } = client.ask(ListOffsets, version, { replicaId: -1, topics }).topics[0]!
        .partitions[0]!;
      return errorCode === 0 ? offset : errorName(errorCode);
    };
    expect([outcome(6, -3), outcome(7, -4), outcome(8, -5), outcome(9, -6), outcome(9, -7)]).toEqual(
      Array(5).fill('UNSUPPORTED_VERSION'),
    );
    expect([outcome(7, -3), outcome(8, -4), outcome(9, -5)]).toEqual([-1, 0, -1]);
  });

  test('metadata goes by id from version 12 on', () => {
    const topicId = client.topicId('told');
    const byId = (version: number, id: string) => {
      const { errorCode, name } = client.ask(Metadata, version, { topics: [{ name: null, topicId: id }] }).topics[0]!;
      return [errorName(errorCode), name];
    };
    expect(byId(12, topicId)).toEqual(['NONE', 'told']);
    expect(byId(12, 'AAAAAAAAAAAAAAAAAAAAAQ')).toEqual(['UNKNOWN_TOPIC_ID', null]);
    expect(byId(10, topicId)).toEqual(['INVALID_REQUEST', '']);
  });

  test('a replica is where it is, and cannot be moved', () => {
    const move = (path: string) =>
      errorName(
        client.ask(AlterReplicaLogDirs, 2, { dirs: [{ path, topics: [{ name: 'told', partitions: [0] }] }] })
          .results[0]!.partitions[0]!.errorCode,
      );
    expect([move('/var/lib/kafka/data-0'), move('/elsewhere')]).toEqual(['NONE', 'LOG_DIR_NOT_FOUND']);
  });

  test('features are those of the release', () => {
    const { supportedFeatures, finalizedFeatures } = client.ask(ApiVersions, 4, {
      clientSoftwareName: 'test',
      clientSoftwareVersion: '1',
    });
    const told = {
      supported: supportedFeatures.map(({ name, minVersion, maxVersion }) => `${name} ${minVersion}-${maxVersion}`),
      finalized: finalizedFeatures.map(({ name, maxVersionLevel }) => `${name}=${maxVersionLevel}`).toSorted(),
    };
    expect(told).toMatchSnapshot(variantName(variant));
    const older = client.ask(ApiVersions, 3, { clientSoftwareName: 'test', clientSoftwareVersion: '1' });
    expect(older.supportedFeatures.every(({ minVersion }) => minVersion > 0)).toBe(true);
  });
});

describe('KRaft alone', () => {
  const client = new FrameClient(KRAFT);
  const update = (feature: string, maxVersionLevel: number, upgradeType = 1, validateOnly = false) => {
    const answer = client.ask(UpdateFeatures, 1, {
      featureUpdates: [{ feature, maxVersionLevel, upgradeType }],
      validateOnly,
    });
    client.run(100);
    return errorName(answer.errorCode);
  };
  const finalized = (name: string) =>
    client
      .ask(ApiVersions, 3, { clientSoftwareName: 'test', clientSoftwareVersion: '1' })
      .finalizedFeatures.find((feature) => feature.name === name)?.maxVersionLevel;

  test('features go up and down, within what every server supports', () => {
    expect(update('transaction.version', 1)).toBe('INVALID_UPDATE_VERSION');
    expect(update('transaction.version', 1, 2, true)).toBe('NONE');
    expect(finalized('transaction.version')).toBe(2);
    expect(update('transaction.version', 1, 2)).toBe('NONE');
    expect(finalized('transaction.version')).toBe(1);
    expect(update('transaction.version', 3)).toBe('INVALID_UPDATE_VERSION');
    expect(update('transaction.version', 2)).toBe('NONE');
    expect(update('group.version', 0, 2)).toBe('NONE');
    expect(finalized('group.version')).toBeUndefined();
    expect(update('metadata.version', 25, 2)).toBe('INVALID_UPDATE_VERSION');
    expect(update('transaction.version', 1, 9)).toBe('INVALID_REQUEST');
  });

  test('groups and subscriptions of client metrics have settings, and are listed by them', () => {
    const alter = (resourceType: number, resourceName: string, name: string, value: string) => {
      const configs = [{ name, value, configOperation: 0 }];
      return errorName(
        client.ask(IncrementalAlterConfigs, 1, { resources: [{ resourceType, resourceName, configs }] }).responses[0]!
          .errorCode,
      );
    };
    expect(alter(GROUP, 'billing', 'consumer.session.timeout.ms', '50000')).toBe('NONE');
    expect(alter(GROUP, 'billing', 'nothing', '1')).toBe('INVALID_CONFIG');
    expect(alter(GROUP, '', 'consumer.session.timeout.ms', '50000')).toBe('INVALID_REQUEST');
    expect(alter(CLIENT_METRICS, 'slow', 'interval.ms', '1000')).toBe('NONE');
    expect(alter(CLIENT_METRICS, 'slow', 'interval.ms', '10')).toBe('INVALID_CONFIG');
    client.run(100);
    const listed = (resourceTypes: readonly number[]) =>
      client
        .ask(ListConfigResources, 1, { resourceTypes })
        .configResources.map(({ resourceName, resourceType }) => `${resourceType}/${resourceName}`);
    expect(listed([GROUP, CLIENT_METRICS])).toEqual(['32/billing', '16/slow']);
    expect(listed([])).toEqual(['32/billing', '16/slow', '8/1', '4/1']);
    expect(client.ask(ListConfigResources, 0, {}).configResources).toEqual([
      { resourceName: 'slow', resourceType: 16 },
    ]);
    expect(errorName(client.ask(ListConfigResources, 1, { resourceTypes: [99] }).errorCode)).toBe(
      'UNSUPPORTED_VERSION',
    );
    const described = (resourceType: number, resourceName: string) =>
      client
        .ask(DescribeConfigs, 4, { resources: [{ resourceType, resourceName, configurationKeys: null }] })
        .results[0]!.configs.filter(({ isDefault, configSource }) => !isDefault && configSource !== 5)
        .map(({ name, value, configSource }) => `${name}=${value} from ${configSource}`);
    expect(described(GROUP, 'billing')).toEqual(['consumer.session.timeout.ms=50000 from 8']);
    expect(described(CLIENT_METRICS, 'slow')).toEqual(['interval.ms=1000 from 7']);
  });

  test('DescribeTopicPartitions goes page by page', () => {
    client.createTopic('a', 3);
    client.createTopic('b', 3);
    const pages: string[] = [];
    let cursor: { topicName: string; partitionIndex: number } | null = null;
    do {
      const page: ReturnType<typeof DescribeTopicPartitions.response.make> = client.ask(DescribeTopicPartitions, 0, {
        topics: [],
        responsePartitionLimit: 2,
        cursor,
      });
      pages.push(
        page.topics.map(({ name, partitions }) => `${name}:${partitions.map((one) => one.partitionIndex)}`).join(' '),
      );
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(pages).toEqual(['a:0,1', 'a:2 b:0', 'b:1,2']);
  });
});

test.each(['zookeeper', 'kraft'] as const)('consumers are sent to the replica in their rack (%s)', (mode) => {
  const brokers = brokersNumbered(3).map((broker) => ({ ...broker, rack: `rack-${broker.id}` }));
  const config = { 'replica.selector.class': 'org.apache.kafka.common.replica.RackAwareReplicaSelector' };
  const topics = [{ name: 'orders', partitions: 1, replicationFactor: 3, assignment: [[1, 2, 3]], config: {} }];
  const kafkaVersion = mode === 'kraft' ? '4.2' : '3.9';
  const client = new FrameClient({ mode, kafkaVersion }, { brokers, config, topics, combined: false });
  client.run(5000);
  const records = encodeBatch({ records: [{ key: null, value: new Uint8Array(3), timestampMs: 1.7e12 }] });
  client.ask(Produce, 9, {
    acks: -1,
    timeoutMs: 5000,
    topicData: [{ name: 'orders', partitionData: [{ index: 0, records }] }],
  });
  client.run(1000);
  const fetch = (rackId: string, version = 12) => {
    const partitions = [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1000 }];
    const body = {
      maxWaitMs: 500,
      minBytes: 1,
      maxBytes: 1000,
      sessionEpoch: -1,
      rackId,
      topics: [{ topic: 'orders', partitions }],
    };
    const {
      errorCode,
      preferredReadReplica,
      records: read,
    } = client.ask(Fetch, version, body).responses[0]!.partitions[0]!;
    return [errorCode, preferredReadReplica, read!.length > 0];
  };
  expect(fetch('rack-2')).toEqual([0, 2, false]);
  expect(fetch('rack-1')).toEqual([0, -1, true]);
  expect(fetch('elsewhere')).toEqual([0, -1, true]);
  expect(fetch('')).toEqual([0, -1, true]);
  client.use(2);
  expect(fetch('rack-2')).toEqual([0, -1, true]);
});

test.each(['zookeeper', 'kraft'] as const)(
  'who asks the wrong broker is told who leads, in versions that can say so (%s)',
  (mode) => {
    const topics = [{ name: 'orders', partitions: 1, replicationFactor: 1, assignment: [[2]], config: {} }];
    const kafkaVersion = '3.9';
    const client = new FrameClient({ mode, kafkaVersion }, { brokers: brokersNumbered(2), topics, combined: false });
    client.run(1000);
    const records = encodeBatch({ records: [{ key: null, value: new Uint8Array(3), timestampMs: 1.7e12 }] });
    const produce = (version: number) => {
      const partitionData = [{ index: 0, records }];
      const answer = client.ask(Produce, version, {
        acks: -1,
        timeoutMs: 5000,
        topicData: [{ name: 'orders', partitionData }],
      });
      const { errorCode, currentLeader } = answer.responses[0]!.partitionResponses[0]!;
      return [errorName(errorCode), currentLeader.leaderId, answer.nodeEndpoints.map(({ nodeId }) => nodeId)];
    };
    expect([3, 9].map(produce)).toEqual([3, 9].map(() => ['NOT_LEADER_OR_FOLLOWER', -1, []]));
    expect(produce(10)).toEqual(['NOT_LEADER_OR_FOLLOWER', 2, [2]]);
    const topicId = client.topicId('orders');
    const fetch = (version: number) => {
      const partitions = [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1000 }];
      const named = version >= 13 ? { topicId } : { topic: 'orders' };
      const answer = client.ask(Fetch, version, {
        maxBytes: 1000,
        sessionEpoch: -1,
        topics: [{ ...named, partitions }],
      });
      const { errorCode, currentLeader } = answer.responses[0]!.partitions[0]!;
      return [errorName(errorCode), currentLeader.leaderId, answer.nodeEndpoints.map(({ nodeId }) => nodeId)];
    };
    expect([4, 11, 15].map(fetch)).toEqual([4, 11, 15].map(() => ['NOT_LEADER_OR_FOLLOWER', -1, []]));
    expect(fetch(16)).toEqual(['NOT_LEADER_OR_FOLLOWER', 2, [2]]);
  },
);
