import { describe, expect, test } from 'vitest';
import type { InternalLog, InternalTopicCoordinator } from '../../src/broker/api.ts';
import type { CoordinatorFactory } from '../../src/broker/coordinators.ts';
import { ListOffsets } from '../../src/protocol/apis/02-list-offsets.ts';
import { Metadata } from '../../src/protocol/apis/03-metadata.ts';
import { FindCoordinator } from '../../src/protocol/apis/10-find-coordinator.ts';
import { ApiVersions } from '../../src/protocol/apis/18-api-versions.ts';
import { CreateTopics } from '../../src/protocol/apis/19-create-topics.ts';
import { DeleteTopics } from '../../src/protocol/apis/20-delete-topics.ts';
import { DeleteRecords } from '../../src/protocol/apis/21-delete-records.ts';
import { InitProducerId } from '../../src/protocol/apis/22-init-producer-id.ts';
import { OffsetForLeaderEpoch } from '../../src/protocol/apis/23-offset-for-leader-epoch.ts';
import { DescribeConfigs } from '../../src/protocol/apis/32-describe-configs.ts';
import { DescribeLogDirs } from '../../src/protocol/apis/35-describe-log-dirs.ts';
import { DescribeCluster } from '../../src/protocol/apis/60-describe-cluster.ts';
import { ErrorCode } from '../../src/protocol/errors.ts';
import { answerOf, Harness } from './harness.ts';

const THREE = [[1, 2, 3]];

function metadataOf(h: Harness, broker: number, names: string[] | null, allowAutoTopicCreation = true) {
  const body = Metadata.request.make({ topics: names?.map((name) => ({ name })) ?? null, allowAutoTopicCreation });
  return h.call(broker, Metadata, 12, body);
}

describe('a broker that stops and starts', () => {
  test('hands over, leaves its marker, and skips recovery', () => {
    const h = new Harness();
    h.authority.createTopic('orders', THREE);
    h.run(1000);
    h.produced(1, 'orders-0', { values: ['a', 'b'] });
    h.run(1000);
    h.node(1).terminate();
    h.run(1000);
    expect(h.node(1)).toMatchObject({ state: 'stopped', exit: { code: 0 } });
    expect(h.authority.partition('orders-0')).toMatchObject({ leader: 2, isr: [2, 3] });
    expect(h.produced(2, 'orders-0')).toMatchObject({ errorCode: 0, baseOffset: 2 });
    h.start(1);
    h.run(3000);
    expect(h.lines('broker-started').at(-1)).toBe('broker-1 broker-started broker=1 cleanShutdown=true logs=1');
    expect(h.authority.partition('orders-0').isr.toSorted()).toEqual([1, 2, 3]);
  });

  test('killed, it finds its log again and follows', () => {
    const h = new Harness();
    h.authority.createTopic('orders', THREE);
    h.run(1000);
    h.produced(1, 'orders-0', { values: ['a', 'b'] });
    h.run(1000);
    h.node(1).kill();
    h.authority.change('orders-0', { leader: 2, isr: [2, 3] });
    h.run(100);
    h.start(1);
    h.run(3000);
    expect(h.lines('broker-started').at(-1)).toBe('broker-1 broker-started broker=1 cleanShutdown=false logs=1');
    expect(h.lines('became-follower').at(-1)).toContain('broker-1 became-follower partition=orders-0 leader=2');
    expect(h.authority.partition('orders-0').isr.toSorted()).toEqual([1, 2, 3]);
    expect(h.lines('log-truncated')).toEqual([]);
  });

  test('lets go of what was deleted while it was away, and of nothing else', () => {
    const h = new Harness();
    for (const topic of ['kept', 'gone', 'empty']) h.authority.createTopic(topic, THREE);
    h.run(1000);
    for (const partition of ['kept-0', 'gone-0']) h.produced(1, partition);
    h.run(1000);
    h.node(3).kill();
    h.authority.deleteTopic('gone');
    h.run(100);
    h.start(3);
    h.run(3000);
    const stopped = h.lines('replica-stopped').filter((text) => text.startsWith('broker-3'));
    expect(stopped).toEqual(['broker-3 replica-stopped partition=gone-0 deleted=true']);
    expect(h.produced(1, 'kept-0')).toMatchObject({ errorCode: 0, baseOffset: 1 });
  });

  test('connects clients before it serves them, and reads them then', () => {
    const h = new Harness();
    h.node(1).kill();
    h.run(10);
    h.start(1);
    h.run(1);
    const early = h.ask(
      1,
      ApiVersions,
      3,
      ApiVersions.request.make({ clientSoftwareName: 'test', clientSoftwareVersion: '1.0' }),
    );
    h.run(2);
    expect(early.value).toBeUndefined();
    h.run(10);
    expect(early.value!.errorCode).toBe(0);
  });
});

describe('a log directory that fails', () => {
  test('takes its partitions offline; the broker lives on with the other', () => {
    const h = new Harness({ disks: 2 });
    h.authority.createTopic('orders', [
      [1, 2, 3],
      [1, 2, 3],
    ]);
    h.run(1000);
    expect(h.produced(1, 'orders-0')).toMatchObject({ errorCode: 0 });
    h.node(1).disks[0]!.fail('EIO');
    const answers = ['orders-0', 'orders-1'].map((partition) => h.produced(1, partition, { acks: 1 }).errorCode);
    expect(answers.toSorted()).toEqual([ErrorCode.NONE, ErrorCode.KAFKA_STORAGE_ERROR]);
    expect(h.lines('log-dir-failed')).toHaveLength(1);
    expect(h.node(1).state).toBe('running');
    const dirs = h.call(1, DescribeLogDirs, 4, { topics: null }).results;
    expect(dirs.map(({ errorCode }) => errorCode)).toEqual([ErrorCode.KAFKA_STORAGE_ERROR, 0]);
  });

  test('ends the broker if it was the last', () => {
    const h = new Harness();
    h.authority.createTopic('orders', THREE);
    h.run(1000);
    h.node(1).disks[0]!.fail('EIO');
    h.produce(1, 'orders-0', { acks: 1 });
    h.run(100);
    expect(h.node(1)).toMatchObject({ state: 'stopped', exit: { code: 1 } });
  });
});

describe('metadata', () => {
  test('a topic that is missed is created, once, and then described', () => {
    const h = new Harness({ config: { 'num.partitions': '2', 'default.replication.factor': '3' } });
    expect(metadataOf(h, 1, ['orders'], false).topics[0]).toMatchObject({ errorCode: 3 });
    h.run(10);
    expect(h.authority.topics.has('orders')).toBe(false);
    expect(metadataOf(h, 1, ['orders', 'orders']).topics.map(({ errorCode }) => errorCode)).toEqual([3, 3]);
    h.run(100);
    expect(h.lines('topic-creation-requested')).toHaveLength(1);
    const { topics, brokers } = metadataOf(h, 2, ['orders']);
    expect(brokers.map(({ nodeId }) => nodeId)).toEqual([1, 2, 3]);
    expect(topics[0]!.partitions.map(({ leaderId, replicaNodes }) => [leaderId, replicaNodes])).toEqual([
      [1, [1, 2, 3]],
      [2, [2, 3, 1]],
    ]);
    expect(metadataOf(h, 2, ['no good']).topics[0]!.errorCode).toBe(ErrorCode.INVALID_TOPIC_EXCEPTION);
  });

  test('a ZooKeeper broker answers LEADER_NOT_AVAILABLE for what it creates', () => {
    const h = new Harness({ mode: 'zookeeper', config: { 'default.replication.factor': '3' } });
    expect(metadataOf(h, 1, ['orders']).topics[0]!.errorCode).toBe(ErrorCode.LEADER_NOT_AVAILABLE);
    const few = new Harness({ mode: 'zookeeper', brokers: 1, config: { 'default.replication.factor': '3' } });
    expect(metadataOf(few, 1, ['orders']).topics[0]!.errorCode).toBe(ErrorCode.INVALID_REPLICATION_FACTOR);
  });

  test('a fenced leader is named to nobody', () => {
    const h = new Harness();
    h.authority.createTopic('orders', THREE);
    h.authority.fence(1, true);
    h.run(100);
    const { topics, brokers } = metadataOf(h, 2, null);
    expect(brokers.map(({ nodeId }) => nodeId)).toEqual([2, 3]);
    expect(topics[0]!.partitions[0]).toMatchObject({
      errorCode: 72,
      leaderId: -1,
      isrNodes: [1, 2, 3],
      offlineReplicas: [1],
    });
    expect(h.call(2, DescribeCluster, 1, DescribeCluster.request.make()).brokers).toHaveLength(2);
  });
});

describe('small questions', () => {
  test('producer ids are given out once each; the first asker of a KRaft broker has to come again', () => {
    const h = new Harness();
    const ask = (broker: number, transactionalId: string | null = null) =>
      h.call(broker, InitProducerId, 4, {
        transactionalId,
        transactionTimeoutMs: 0,
        producerId: -1,
        producerEpoch: -1,
      });
    expect(ask(1)).toMatchObject({ errorCode: ErrorCode.COORDINATOR_LOAD_IN_PROGRESS });
    h.run(10);
    expect([ask(1), ask(1)]).toMatchObject([{ errorCode: 0, producerId: 0, producerEpoch: 0 }, { producerId: 1 }]);
    ask(2);
    h.run(10);
    expect(ask(2)).toMatchObject({ producerId: 1000 });
    expect(ask(1, 'tx')).toMatchObject({ errorCode: ErrorCode.UNSUPPORTED_VERSION });
  });

  test('what is offered is what is answered', () => {
    const h = new Harness();
    const { apiKeys } = h.call(
      1,
      ApiVersions,
      3,
      ApiVersions.request.make({ clientSoftwareName: 'test', clientSoftwareVersion: '1.0' }),
    );
    const keys = apiKeys.map(({ apiKey }) => apiKey);
    expect(keys).toEqual(keys.toSorted((a, b) => a - b));
    expect(apiKeys.find(({ apiKey }) => apiKey === 0)).toEqual({ apiKey: 0, minVersion: 0, maxVersion: 13 });
    const nameless = h.call(
      1,
      ApiVersions,
      3,
      ApiVersions.request.make({ clientSoftwareName: '-', clientSoftwareVersion: '1' }),
    );
    expect(nameless).toMatchObject({ errorCode: ErrorCode.INVALID_REQUEST, apiKeys: [] });
    // The fake controller takes CreateTopics alone.
    expect([keys.includes(CreateTopics.key), keys.includes(DeleteTopics.key)]).toEqual([true, false]);
    const answer = h.call(
      1,
      CreateTopics,
      7,
      CreateTopics.request.make({ topics: [{ name: 'new', numPartitions: 1, replicationFactor: 3 }] }),
    );
    expect(answer.topics).toMatchObject([{ name: 'new', errorCode: 0 }]);
  });

  test('offsets: the first, the last, and where an epoch ended', () => {
    const h = new Harness();
    h.authority.createTopic('orders', THREE);
    h.run(500);
    h.produced(1, 'orders-0', { values: ['a', 'b', 'c'] });
    h.authority.change('orders-0', { leader: 2 });
    h.run(1500);
    h.produced(2, 'orders-0', { values: ['d'] });
    const offsets = (timestamp: number, currentLeaderEpoch = -1) =>
      h.call(2, ListOffsets, 9, {
        replicaId: -1,
        isolationLevel: 0,
        topics: [
          { name: 'orders', partitions: [{ partitionIndex: 0, currentLeaderEpoch, timestamp, maxNumOffsets: 1 }] },
        ],
        timeoutMs: 0,
      }).topics[0]!.partitions[0];
    expect(offsets(-1)).toMatchObject({ offset: 4, leaderEpoch: 1 });
    expect(offsets(-2)).toMatchObject({ offset: 0, leaderEpoch: 0 });
    expect(offsets(1_704_067_200_000)).toMatchObject({ offset: 0, timestamp: 1_704_067_200_000 });
    expect(offsets(1_804_067_200_000)).toMatchObject({ errorCode: 0, offset: -1 });
    expect(offsets(-1, 0)).toMatchObject({ errorCode: ErrorCode.FENCED_LEADER_EPOCH });
    expect(offsets(-1, 5)).toMatchObject({ errorCode: ErrorCode.UNKNOWN_LEADER_EPOCH });
    const ends = [0, 1, 4].map((leaderEpoch) => ({ partition: 0, currentLeaderEpoch: -1, leaderEpoch }));
    const found = h.call(2, OffsetForLeaderEpoch, 4, {
      replicaId: -2,
      topics: [{ topic: 'orders', partitions: ends }],
    });
    expect(found.topics[0]!.partitions.map(({ leaderEpoch, endOffset }) => [leaderEpoch, endOffset])).toEqual([
      [0, 3],
      [1, 4],
      [-1, -1],
    ]);
  });

  test('deleted records are gone for everybody, followers included', () => {
    const h = new Harness();
    h.authority.createTopic('orders', THREE);
    h.run(500);
    h.produced(1, 'orders-0', { values: ['a', 'b', 'c'] });
    h.run(1000);
    const remove = (offset: number) =>
      h.call(1, DeleteRecords, 2, {
        topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, offset }] }],
        timeoutMs: 1000,
      }).topics[0]!.partitions[0];
    expect(remove(9)).toMatchObject({ errorCode: ErrorCode.OFFSET_OUT_OF_RANGE });
    expect(remove(2)).toMatchObject({ errorCode: 0, lowWatermark: 2 });
    h.run(1000);
    expect(h.lines('log-start-advanced').map((text) => text.slice(0, 8))).toEqual(['broker-1', 'broker-2', 'broker-3']);
  });

  test('settings say where they come from', () => {
    const h = new Harness({ config: { 'log.retention.hours': '2' } });
    h.authority.createTopic('orders', THREE, { 'min.insync.replicas': '2' });
    h.run(100);
    const { results } = h.call(1, DescribeConfigs, 4, {
      resources: [
        {
          resourceType: 2,
          resourceName: 'orders',
          configurationKeys: ['min.insync.replicas', 'retention.ms', 'flush.ms'],
        },
      ],
      includeSynonyms: false,
      includeDocumentation: false,
    });
    const found = Object.fromEntries(
      results[0]!.configs.map(({ name, value, configSource }) => [name, [value, configSource]]),
    );
    expect(found).toMatchObject({ 'min.insync.replicas': ['2', 1], 'retention.ms': ['7200000', 4] });
    expect(found['flush.ms']![1]).toBe(5);
  });
});

/** A coordinator that only writes down what it is told. */
class Recorder implements InternalTopicCoordinator {
  readonly topic = '__consumer_offsets';
  readonly handlers = [];
  readonly seen: string[];
  readonly log: InternalLog;

  constructor(log: InternalLog, seen: string[]) {
    this.log = log;
    this.seen = seen;
  }
  onElected(partition: number, leaderEpoch: number): void {
    this.seen.push(`elected ${partition} ${leaderEpoch}`);
    this.log.load(partition, {
      onRecord: (offset, { key }) => this.seen.push(`loaded ${offset} ${new TextDecoder().decode(key)}`),
      onMarker: (producerId, committed) => this.seen.push(`marker ${producerId} ${committed}`),
      done: (complete) => this.seen.push(`loaded ${complete}`),
    });
  }
  onResigned(partition: number, leaderEpoch: number | undefined): void {
    this.seen.push(`resigned ${partition} ${leaderEpoch}`);
  }
  onTopicsDeleted(topics: readonly string[]): void {
    this.seen.push(`deleted ${topics.join()}`);
  }
}

describe('a coordinator of an internal topic', () => {
  function coordinated() {
    const recorders: Recorder[] = [];
    const factory: CoordinatorFactory = {
      topic: '__consumer_offsets',
      create: ({ log }) => {
        const recorder = new Recorder(log, []);
        recorders.push(recorder);
        return recorder;
      },
    };
    const h = new Harness({ coordinators: [factory], config: { 'offsets.topic.num.partitions': '3' } });
    const find = () =>
      h.call(1, FindCoordinator, 4, FindCoordinator.request.make({ keyType: 0, coordinatorKeys: ['group'] }))
        .coordinators[0]!;
    expect(find()).toMatchObject({ errorCode: ErrorCode.COORDINATOR_NOT_AVAILABLE });
    h.run(1000);
    const found = find();
    expect(found).toMatchObject({ errorCode: 0, key: 'group' });
    const recorder = recorders[found.nodeId - 1]!;
    return { h, recorders, recorder, found, partition: Number(recorder.seen[0]!.split(' ')[1]) };
  }

  test('writes with acks=all, and its heir loads what it wrote', () => {
    const { h, recorders, recorder, found, partition } = coordinated();
    expect(recorder.seen).toEqual([`elected ${partition} 0`, 'loaded true']);
    const results: string[] = [];
    const key = (text: string) => ({ key: new TextEncoder().encode(text), value: null, timestampMs: 0 });
    recorder.log.append(partition, [key('a'), key('b')], 5000, (error, last) => results.push(`${error} ${last}`));
    expect(results).toEqual([]);
    h.run(100);
    expect(results).toEqual(['0 1']);
    const heir = (found.nodeId % 3) + 1;
    h.authority.change(`__consumer_offsets-${partition}`, { leader: heir });
    h.run(100);
    expect(recorder.seen.at(-1)).toBe(`resigned ${partition} 1`);
    expect(recorders[heir - 1]!.seen.slice(-4)).toEqual([
      `elected ${partition} 1`,
      'loaded 0 a',
      'loaded 1 b',
      'loaded true',
    ]);
    recorder.log.append(partition, [key('c')], 5000, (error) => results.push(String(error)));
    expect(results.at(-1)).toBe('6');
  });

  test('hears of deleted topics, and clients may not write to its topic', () => {
    const { h, recorder, found, partition } = coordinated();
    h.authority.createTopic('orders', THREE);
    h.run(50);
    h.authority.deleteTopic('orders');
    h.run(50);
    expect(recorder.seen.at(-1)).toBe('deleted orders');
    expect(answerOf(h.produce(found.nodeId, `__consumer_offsets-${partition}`))).toBeUndefined();
    expect(h.produced(found.nodeId, `__consumer_offsets-${partition}`, { connection: 'b' })).toMatchObject({
      errorCode: ErrorCode.INVALID_TOPIC_EXCEPTION,
    });
  });
});

test('the trace is the same with every message encoded, and with the same seed', () => {
  const hash = (encode: boolean): string => {
    const h = new Harness({ encode });
    h.authority.createTopic('orders', [
      [1, 2, 3],
      [2, 3, 1],
    ]);
    h.run(500);
    h.produced(1, 'orders-0', { values: ['a', 'b'] });
    h.produced(2, 'orders-1');
    h.fetch(1, 'orders-0', 0);
    h.run(200);
    h.authority.change('orders-0', { leader: 2, isr: [2, 3] });
    h.run(3000);
    h.produced(2, 'orders-0', { producer: { producerId: 3, producerEpoch: 0, baseSequence: 0 } });
    h.node(3).kill();
    h.run(50_000);
    return h.world.trace.hash();
  };
  expect(hash(true)).toBe(hash(false));
  expect(hash(false)).toBe(hash(false));
});
