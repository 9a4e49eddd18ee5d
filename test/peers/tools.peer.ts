/** A day of an operator with Kafka's own tools, of two releases, against both modes. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Mode } from '../../src/cluster/options.ts';
import { startTarget, type Target } from '../clients/target.ts';
import { kafkaTool } from './kafka-tools.ts';
import { JAVA_VERSIONS } from './peers.ts';

const RECORDS = 1000;

function toolsSuite(version: string, mode: Mode): void {
  describe(`Kafka tools ${version}, ${mode}`, () => {
    let target: Target;
    const tool = (line: string): Promise<string> => kafkaTool(version, target.bootstrapServers.join(','), line);
    beforeAll(async () => {
      target = await startTarget(mode);
      await tool('kafka-topics --create --topic orders --partitions 3 --replication-factor 3');
    });
    afterAll(() => target?.close());

    test('kafka-topics', async () => {
      await tool(
        'kafka-topics --create --topic passing --partitions 2 --replication-factor 2 --config retention.ms=60000',
      );
      expect((await tool('kafka-topics --list')).split('\n')).toContain('passing');
      const described = await tool('kafka-topics --describe --topic passing');
      expect(described).toMatch(
        /Topic: passing\s+TopicId: \S+\s+PartitionCount: 2\s+ReplicationFactor: 2\s+Configs: .*retention.ms=60000/,
      );
      expect(described.match(/Leader: [123]\s+Replicas: [123],[123]\s+Isr: [123],[123]/g)).toHaveLength(2);
      await tool('kafka-topics --alter --topic passing --partitions 5');
      expect(await tool('kafka-topics --describe --topic passing')).toMatch(/PartitionCount: 5/);
      await tool('kafka-topics --delete --topic passing');
      expect((await tool('kafka-topics --list')).split('\n')).not.toContain('passing');
    });

    test('kafka-configs', async () => {
      await tool(
        'kafka-configs --alter --entity-type topics --entity-name orders --add-config max.message.bytes=2000000',
      );
      const topic = 'kafka-configs --describe --entity-type topics --entity-name orders';
      expect(await tool(topic)).toMatch(
        /max.message.bytes=2000000 sensitive=false synonyms=\{DYNAMIC_TOPIC_CONFIG:max.message.bytes=2000000/,
      );
      await tool('kafka-configs --alter --entity-type topics --entity-name orders --delete-config max.message.bytes');
      expect(await tool(topic)).not.toMatch(/max.message.bytes/);
      await tool('kafka-configs --alter --entity-type brokers --entity-name 1 --add-config log.cleaner.threads=2');
      expect(await tool('kafka-configs --describe --entity-type brokers --entity-name 1')).toMatch(
        /log.cleaner.threads=2/,
      );
    });

    test('kafka-producer-perf-test, kafka-get-offsets and kafka-console-consumer', async () => {
      const sent = await tool(
        `kafka-producer-perf-test acks=all --topic orders --num-records ${RECORDS} --record-size 100 --throughput -1`,
      );
      expect(sent).toMatch(new RegExp(`${RECORDS} records sent, .* records/sec`));
      const ends = [...(await tool('kafka-get-offsets --topic orders')).matchAll(/^orders:\d:(\d+)$/gm)];
      expect(ends.reduce((sum, [, end]) => sum + Number(end), 0)).toBe(RECORDS);
      const read = await tool(
        `kafka-console-consumer --topic orders --group billing --from-beginning --max-messages ${RECORDS} --timeout-ms 20000`,
      );
      expect(read).toMatch(new RegExp(`Processed a total of ${RECORDS} messages`));
    });

    test('kafka-consumer-groups', async () => {
      expect((await tool('kafka-consumer-groups --list')).split('\n')).toContain('billing');
      const lags = (text: string): readonly number[] =>
        [...text.matchAll(/^billing\s+orders\s+\d+\s+\d+\s+\d+\s+(\d+)/gm)].map(([, lag]) => Number(lag));
      expect(lags(await tool('kafka-consumer-groups --describe --group billing'))).toEqual([0, 0, 0]);
      await tool('kafka-consumer-groups --reset-offsets --to-earliest --topic orders --group billing --execute');
      const lag = lags(await tool('kafka-consumer-groups --describe --group billing'));
      expect(lag.reduce((sum, one) => sum + one, 0)).toBe(RECORDS);
      await tool('kafka-consumer-groups --delete --group billing');
      expect((await tool('kafka-consumer-groups --list')).split('\n')).not.toContain('billing');
    });

    test('kafka-reassign-partitions and kafka-leader-election', async () => {
      const plan = join(mkdtempSync(join(tmpdir(), 'kzsim-')), 'plan.json');
      const partitions = [{ topic: 'orders', partition: 0, replicas: [3, 2] }];
      writeFileSync(plan, JSON.stringify({ version: 1, partitions }));
      const started = await tool(`kafka-reassign-partitions --reassignment-json-file ${plan} --execute`);
      expect(started).toMatch(/Successfully started partition reassignment for orders-0/);
      await expect
        .poll(() => tool(`kafka-reassign-partitions --reassignment-json-file ${plan} --verify`), {
          timeout: 60_000,
          interval: 500,
        })
        .toMatch(/Reassignment of partition orders-0 is completed/);
      await tool('kafka-leader-election --election-type preferred --topic orders --partition 0');
      expect(await tool('kafka-topics --describe --topic orders')).toMatch(/Partition: 0\s+Leader: 3\s+Replicas: 3,2/);
    });
  });
}

for (const version of JAVA_VERSIONS) for (const mode of ['kraft', 'zookeeper'] as const) toolsSuite(version, mode);
