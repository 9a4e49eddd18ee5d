import { describe, expect, test } from 'vitest';
import { listenerPort } from '../../src/broker/listeners.ts';
import { Produce } from '../../src/protocol/apis/00-produce.ts';
import { CreateTopics } from '../../src/protocol/apis/19-create-topics.ts';
import { CreatePartitions } from '../../src/protocol/apis/37-create-partitions.ts';
import { HEADER, setCrc } from '../../src/protocol/batch-header.ts';
import { putInt32 } from '../../src/protocol/big-endian.ts';
import { errorName } from '../../src/protocol/errors.ts';
import { encodeBatch } from '../../src/protocol/record-batch.ts';
import type { Api } from '../../src/protocol/schema.ts';
import { decodeResponse, encodeRequest, RequestMessage } from '../../src/rpc/messages.ts';
import { bootFuzzed, fuzzWorld } from './world.ts';

describe.each(['kraft', 'zookeeper'] as const)('brokers that are sent nonsense (%s)', (mode) => {
  test('close the connection, say why, and go on', () => {
    const cluster = bootFuzzed(mode, 1);
    const acked = (): number => cluster.model.producers.all.get('web')?.acked ?? 0;
    const before = acked();
    const { answered, closed, reasons } = fuzzWorld(cluster, 2000, 11, () => {});
    expect(answered).toBeGreaterThan(500);
    expect(closed).toBeGreaterThan(100);
    const refused = [...reasons.values()].reduce((sum, count) => sum + count, 0);
    expect(refused).toBeGreaterThan(100);
    expect([...reasons.keys()].filter((reason) => !/^(malformed|version not|API not)/.test(reason))).toEqual([]);
    expect([...cluster.nodes.values()].filter(({ control }) => control.state !== 'running')).toEqual([]);
    cluster.world.runUntil(cluster.world.nowUs + 5_000_000);
    expect(acked()).toBeGreaterThan(before + 100);
  });

  test('outlive a producer id that no number holds', () => {
    const cluster = bootFuzzed(mode, 1);
    const records = encodeBatch({
      records: [{ key: null, value: null, timestampMs: 0 }],
      producerId: 1,
      producerEpoch: 0,
    });
    putInt32(records, HEADER.producerId, 0x7fffff00);
    setCrc(records, 0);
    for (const transactionalId of [null, 'mine']) {
      const topicData = [{ name: 'orders', partitionData: [{ index: 0, records }] }];
      const body = Produce.request.make({ transactionalId, acks: -1, timeoutMs: 1000, topicData });
      const message = new RequestMessage(Produce as Api, 9, 'tool', body, true, () => {}, null, 0);
      const answers: unknown[] = [];
      const connection = cluster.outside!.open('broker-1', listenerPort('PLAINTEXT'), {
        onResponse: (frame) => void answers.push(decodeResponse(frame, message)),
        onTaken: () => {},
        onEnd: () => {},
      });
      connection.send(encodeRequest(message));
      cluster.world.runUntil(cluster.world.nowUs + 1_000_000);
      expect(answers).toHaveLength(1);
    }
  });

  test('make no more partitions for one request than a controller can hold', () => {
    const cluster = bootFuzzed(mode, 1);
    const ask = (broker: number, api: Api, body: unknown): unknown => {
      const message = new RequestMessage(api, api.offered['3.9']!.max, 'tool', body, true, () => {}, null, 0);
      let answer: unknown;
      const onResponse = (frame: Uint8Array): void => {
        answer = decodeResponse(frame, message);
      };
      const connection = cluster.outside!.open(`broker-${broker}`, listenerPort('PLAINTEXT'), {
        onResponse,
        onTaken: () => {},
        onEnd: () => {},
      });
      connection.send(encodeRequest(message));
      cluster.world.runUntil(cluster.world.nowUs + 2_000_000);
      return answer;
    };
    const most = 0x7fffffff;
    const growth = CreatePartitions.request.make({
      topics: [{ name: 'orders', count: most, assignments: null }],
      timeoutMs: 1000,
    });
    const topics = ['a', 'b'].map((name) => {
      return { name, numPartitions: 6000, replicationFactor: 1, assignments: [], configs: [] };
    });
    const creation = CreateTopics.request.make({ topics, timeoutMs: 1000 });
    // In ZooKeeper mode of 3.9 only the controller decides.
    const grown = new Set<string>();
    const made = new Set<string>();
    for (const broker of [1, 2, 3]) {
      const growing = ask(broker, CreatePartitions as Api, growth) as { results: { errorCode: number }[] };
      for (const { errorCode } of growing.results) grown.add(errorName(errorCode));
      const making = ask(broker, CreateTopics as Api, creation) as { topics: { errorCode: number }[] };
      for (const { errorCode } of making.topics) made.add(errorName(errorCode));
    }
    for (const answers of [grown, made]) {
      answers.delete('NOT_CONTROLLER');
      expect([...answers]).toEqual(['POLICY_VIOLATION']);
    }
  });
});
