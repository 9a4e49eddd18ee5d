import { describe, expect, test } from 'vitest';
import { FEATURES } from '../../../../src/coordinator/features.ts';
import { decideAlterConfigs } from '../../../../src/coordinator/kraft/controller/alter-configs.ts';
import { decideCreatePartitions } from '../../../../src/coordinator/kraft/controller/create-partitions.ts';
import { decideDeleteTopics } from '../../../../src/coordinator/kraft/controller/delete-topics.ts';
import { DeleteTopics } from '../../../../src/protocol/apis/20-delete-topics.ts';
import { CreatePartitions } from '../../../../src/protocol/apis/37-create-partitions.ts';
import { IncrementalAlterConfigs } from '../../../../src/protocol/apis/44-incremental-alter-configs.ts';
import { errorName } from '../../../../src/protocol/errors.ts';
import { ControllerStage } from './stage.ts';

const replicasOf = (stage: ControllerStage, topic: string) =>
  stage.state.metadata.topics.get(topic)!.partitions.map(({ replicas }) => replicas.join(','));

describe('placement', () => {
  test('goes in turn over the brokers, and past fenced ones for leaders', () => {
    const stage = new ControllerStage().serve(1, 2, 3);
    stage.register(4);
    stage.createTopics([{ name: 'three', numPartitions: 4, replicationFactor: 3 }]);
    expect(replicasOf(stage, 'three')).toEqual(['1,2,3', '2,3,1', '3,1,2', '1,2,3']);
    stage.createTopics([{ name: 'four', numPartitions: 1, replicationFactor: 4 }]);
    expect(replicasOf(stage, 'four')).toEqual(['1,2,3,4']);
    expect(stage.state.metadata.topics.get('four')!.partitions[0]!.isr).toEqual([1, 2, 3]);
  });

  test('spreads over racks before it doubles up in one', () => {
    const stage = new ControllerStage();
    for (const [id, rack] of [
      [1, 'a'],
      [2, 'a'],
      [3, 'b'],
      [4, 'b'],
      [5, 'c'],
    ] as const) {
      stage.register(id, { rack });
      stage.heartbeat(id);
    }
    stage.createTopics([{ name: 'racked', numPartitions: 6, replicationFactor: 3 }]);
    const rackOf = (id: number) => stage.state.metadata.brokers.get(id)!.rack;
    for (const { replicas } of stage.state.metadata.topics.get('racked')!.partitions) {
      expect(new Set(replicas.map(rackOf)).size).toBe(3);
    }
  });
});

describe('CreateTopics', () => {
  const cases: [string, Parameters<ControllerStage['createTopics']>[0], string[]][] = [
    ['good ones', [{ name: 'a', numPartitions: 1, replicationFactor: 2 }], ['NONE']],
    ['the defaults', [{ name: 'a', numPartitions: -1, replicationFactor: -1 }], ['NONE']],
    ['a name twice', [{ name: 'a', numPartitions: 1, replicationFactor: 1 }, { name: 'a' }], ['INVALID_REQUEST']],
    ['what exists', [{ name: 'orders', numPartitions: 1, replicationFactor: 1 }], ['TOPIC_ALREADY_EXISTS']],
    ['a strange name', [{ name: 'a b', numPartitions: 1, replicationFactor: 1 }], ['INVALID_TOPIC_EXCEPTION']],
    ['the metadata log', [{ name: '__cluster_metadata' }], ['INVALID_REQUEST']],
    ['no partitions', [{ name: 'a', numPartitions: 0, replicationFactor: 1 }], ['INVALID_PARTITIONS']],
    ['no replicas', [{ name: 'a', numPartitions: 1, replicationFactor: 0 }], ['INVALID_REPLICATION_FACTOR']],
    ['too many replicas', [{ name: 'a', numPartitions: 1, replicationFactor: 9 }], ['INVALID_REPLICATION_FACTOR']],
    [
      'one good beside one bad',
      [
        { name: 'a', numPartitions: 1, replicationFactor: 9 },
        { name: 'b', numPartitions: 1, replicationFactor: 1 },
      ],
      ['INVALID_REPLICATION_FACTOR', 'NONE'],
    ],
    [
      'an assignment and a count',
      [{ name: 'a', numPartitions: 1, replicationFactor: -1, assignments: [{ partitionIndex: 0, brokerIds: [1] }] }],
      ['INVALID_REQUEST'],
    ],
    [
      'an assignment to a stranger',
      [{ name: 'a', numPartitions: -1, replicationFactor: -1, assignments: [{ partitionIndex: 0, brokerIds: [8] }] }],
      ['INVALID_REPLICA_ASSIGNMENT'],
    ],
    [
      'an assignment with a gap',
      [{ name: 'a', numPartitions: -1, replicationFactor: -1, assignments: [{ partitionIndex: 1, brokerIds: [1] }] }],
      ['INVALID_REPLICA_ASSIGNMENT'],
    ],
    [
      'a wrong setting',
      [{ name: 'a', numPartitions: 1, replicationFactor: 1, configs: [{ name: 'wrong', value: '1' }] }],
      ['INVALID_CONFIG'],
    ],
  ];

  test.each(cases)('%s', (_name, topics, errors) => {
    const checkTopicConfig = (name: string) => (name === 'wrong' ? 'wrong is no setting' : null);
    const stage = new ControllerStage({ checkTopicConfig }).serve(1, 2, 3).orders([1]);
    expect(stage.createTopics(topics).topics.map(({ errorCode }) => errorName(errorCode))).toEqual(errors);
  });

  test('sees names that differ in dots and underscores alone', () => {
    const stage = new ControllerStage().serve(1);
    stage.createTopics([{ name: 'a.b', numPartitions: 1, replicationFactor: 1 }]);
    const { topics } = stage.createTopics([{ name: 'a_b', numPartitions: 1, replicationFactor: 1 }]);
    expect(errorName(topics[0]!.errorCode)).toBe('INVALID_TOPIC_EXCEPTION');
  });

  test('writes nothing when it is only to validate', () => {
    const stage = new ControllerStage().serve(1);
    const { topics } = stage.createTopics([{ name: 'a', numPartitions: 3, replicationFactor: 1 }], true);
    expect(topics[0]).toMatchObject({ errorCode: 0, numPartitions: 3 });
    expect(stage.state.metadata.topics.size).toBe(0);
  });
});

test('a topic grows, and its old partitions stay where they are', () => {
  const stage = new ControllerStage().serve(1, 2, 3);
  stage.createTopics([{ name: 'orders', numPartitions: 2, replicationFactor: 2 }]);
  const grow = (count: number) =>
    errorName(
      stage.carryOut(
        decideCreatePartitions(
          stage.state,
          CreatePartitions.request.make({ topics: [{ name: 'orders', count, assignments: null }] }),
        ),
      ).results[0]!.errorCode,
    );
  expect(grow(2)).toBe('INVALID_PARTITIONS');
  expect(grow(4)).toBe('NONE');
  expect(replicasOf(stage, 'orders')).toEqual(['1,2', '2,3', '3,1', '1,2']);
});

test('a deleted topic is gone with its settings, and may come again under another id', () => {
  const stage = new ControllerStage().serve(1);
  const config = { name: 'retention.ms', value: '5' };
  stage.createTopics([{ name: 'orders', numPartitions: 1, replicationFactor: 1, configs: [config] }]);
  const { id } = stage.state.metadata.topics.get('orders')!;
  const remove = (topicId: string) =>
    errorName(
      stage.carryOut(decideDeleteTopics(stage.state, DeleteTopics.request.make({ topics: [{ name: null, topicId }] })))
        .responses[0]!.errorCode,
    );
  expect(remove(id)).toBe('NONE');
  expect(remove(id)).toBe('UNKNOWN_TOPIC_ID');
  expect(stage.state.metadata.configs.has('topic/orders')).toBe(false);
  stage.createTopics([{ name: 'orders', numPartitions: 1, replicationFactor: 1 }]);
  expect(stage.state.metadata.topics.get('orders')!.id).not.toBe(id);
});

test('settings are set, taken back, lengthened and shortened', () => {
  const stage = new ControllerStage({ listDefault: (name) => (name === 'cleanup.policy' ? 'delete' : undefined) })
    .serve(1)
    .orders([1]);
  const alter = (name: string, configOperation: number, value: string | null, resourceName = 'orders') => {
    const resources = [{ resourceType: 2, resourceName, configs: [{ name, configOperation, value }] }];
    const request = IncrementalAlterConfigs.request.make({ resources });
    const { errorCode } = stage.carryOut(decideAlterConfigs(stage.state, request)).responses[0]!;
    return `${errorName(errorCode)} ${stage.state.metadata.config('topic/orders', name) ?? '-'}`;
  };
  expect(alter('retention.ms', 0, '5')).toBe('NONE 5');
  expect(alter('retention.ms', 1, null)).toBe('NONE -');
  expect(alter('cleanup.policy', 2, 'compact')).toBe('NONE delete,compact');
  expect(alter('cleanup.policy', 2, 'delete')).toBe('NONE delete,compact');
  expect(alter('cleanup.policy', 3, 'compact')).toBe('NONE delete');
  expect(alter('retention.ms', 2, '5')).toBe('INVALID_CONFIG -');
  expect(alter('retention.ms', 0, '5', 'unknown')).toBe('UNKNOWN_TOPIC_OR_PARTITION -');
});

test('a new minimum ISR forgets the eligible leader replicas', () => {
  const stage = new ControllerStage({ features: FEATURES['4.2'], minInsyncReplicas: 2 })
    .serve(1, 2, 3)
    .orders([1, 2, 3]);
  stage.fence(3);
  stage.fence(2);
  expect(stage.line()).toBe('leader=1 isr=[1] elr=[2] le=0 pe=2');
  const configs = [{ name: 'min.insync.replicas', configOperation: 0, value: '1' }];
  const request = IncrementalAlterConfigs.request.make({
    resources: [{ resourceType: 2, resourceName: 'orders', configs }],
  });
  stage.carryOut(decideAlterConfigs(stage.state, request));
  expect(stage.line()).toBe('leader=1 isr=[1] le=0 pe=3');
});
