import { describe, expect, test } from 'vitest';
import { ProducerClient, type ProducerClientOptions } from '../../src/client/programs/producer-client.ts';
import type { ProduceResponse } from '../../src/protocol/apis/00-produce.ts';
import { ErrorCode } from '../../src/protocol/errors.ts';
import type { Interception } from '../../src/rpc/api.ts';
import { field, TestCluster, type TestClusterOptions } from './cluster.ts';

const RATE = { records: 100, perUs: 1_000_000 };

function begin(
  config: Record<string, string | number> = {},
  options: TestClusterOptions = {},
  client: Partial<ProducerClientOptions> = {},
) {
  const cluster = new TestCluster(options);
  cluster.authority.createTopic('t', [[1, 2, 3]], { 'min.insync.replicas': '2' });
  cluster.run(20);
  const settings = { topic: 't', rate: RATE, keys: 5, valueSize: 60, ...client };
  const web = new ProducerClient(cluster.environment, { ...settings, config });
  cluster.client('web', web.program);
  return { cluster, web };
}

function finish({ cluster, web }: ReturnType<typeof begin>, ms = 2000): boolean {
  let done = false;
  web.stopSending(() => {
    done = true;
  });
  cluster.run(ms);
  return done;
}

function serials(cluster: TestCluster, kind: string): number[] {
  return cluster.of(kind).flatMap((event) => field(event, 'serials') as number[]);
}

/** Every partition of a produce answer gets this error. */
function answerWith(error: number, handled: boolean): Interception {
  return {
    kind: 'answer',
    handled,
    rewrite: ({ body }, response) => {
      const given = response as ProduceResponse | null;
      const { topicData } = body as {
        topicData: { name: string; topicId: string; partitionData: { index: number }[] }[];
      };
      return {
        responses: topicData.map(({ name, topicId, partitionData }) => ({
          name,
          topicId,
          partitionResponses: partitionData.map(({ index }) => ({
            index,
            errorCode: error,
            baseOffset: -1,
            logAppendTimeMs: -1,
            logStartOffset: 0,
            recordErrors: [],
            errorMessage: null,
            currentLeader: { leaderId: -1, leaderEpoch: -1 },
          })),
        })),
        throttleTimeMs: given?.throttleTimeMs ?? 0,
        nodeEndpoints: [],
      };
    },
  };
}

describe.each(['4.2', '3.9'] as const)('with the client of %s', (release) => {
  test('every record is acknowledged once, in order, through the death of the leader', () => {
    const run = begin({}, { release });
    run.cluster.run(1000);
    run.cluster.lose(1, 5000);
    run.cluster.run(3000);
    expect(finish(run)).toBe(true);
    const sent = run.cluster.of('record-sent').length;
    expect(sent).toBeGreaterThan(850);
    const acked = serials(run.cluster, 'batch-acknowledged');
    expect([...acked].sort((a, b) => a - b)).toEqual(Array.from({ length: sent }, (_, index) => index + 1));
    const stored = run.cluster.stored('t-0');
    expect(stored.map((value) => Number(/\d+$/.exec(value)![0]))).toEqual([...acked].sort((a, b) => a - b));
    // While nobody leads, batches wait; only what was in flight has cost an attempt.
    for (const event of run.cluster.of('batch-retried')) expect(field(event, 'attempt')).toBe(1);
  });
});

describe('a lost acknowledgement', () => {
  test('is harmless for an idempotent producer: the broker knows the batch', () => {
    const run = begin();
    run.cluster.run(500);
    run.cluster.intercept('Produce', 1, { kind: 'disconnect', handled: true });
    run.cluster.run(1000);
    expect(finish(run)).toBe(true);
    expect(run.cluster.of('batch-retried').map((event) => field(event, 'error'))).toContain('NETWORK_EXCEPTION');
    const stored = run.cluster.stored('t-0');
    expect(stored.length).toBe(new Set(stored).size);
    expect(stored.length).toBe(run.cluster.of('record-sent').length);
    // Where it stands is known: the broker answers a duplicate with the offset that it had.
    for (const event of run.cluster.of('batch-acknowledged'))
      expect(field(event, 'baseOffset')).toBeGreaterThanOrEqual(0);
  });
  test('makes a duplicate without idempotence', () => {
    const run = begin({ 'enable.idempotence': 'false' });
    run.cluster.run(500);
    run.cluster.intercept('Produce', 1, { kind: 'disconnect', handled: true });
    run.cluster.run(1000);
    expect(finish(run)).toBe(true);
    const stored = run.cluster.stored('t-0');
    expect(stored.length).toBeGreaterThan(new Set(stored).size);
  });
});

describe('the delivery time-out', () => {
  const config = { 'delivery.timeout.ms': 3000, 'request.timeout.ms': 2000, 'linger.ms': 0 };
  test('leaves the outcome open for what was sent, and decides it for what was not', () => {
    const run = begin({ ...config, 'max.in.flight.requests.per.connection': 1 });
    run.cluster.run(500);
    run.cluster.broker(1).pause();
    run.cluster.run(8000);
    const failed = run.cluster.of('batch-failed');
    expect(failed.length).toBeGreaterThan(1);
    expect(field(failed[0]!, 'error')).toBe('REQUEST_TIMED_OUT');
    expect(field(failed[0]!, 'definite')).toBe(false);
    expect(failed.some((event) => field(event, 'definite') === true)).toBe(true);
    const open = new Set(serials(run.cluster, 'batch-sent'));
    for (const event of failed) {
      const wasSent = (field(event, 'serials') as number[]).some((serial) => open.has(serial));
      expect(field(event, 'definite')).toBe(!wasSent);
    }
  });
  test('a gap after it is closed by a new epoch, and records go on', () => {
    const run = begin(config);
    run.cluster.run(500);
    run.cluster.broker(1).pause();
    run.cluster.run(8000);
    run.cluster.bury(1);
    run.cluster.run(4000);
    expect(finish(run, 4000)).toBe(true);
    expect(run.cluster.of('producer-epoch-bumped').length).toBeGreaterThan(0);
    const last = run.cluster.of('batch-acknowledged').at(-1)!;
    expect(field(last, 'serials')).toContain(run.cluster.of('record-sent').length);
    const stored = run.cluster.stored('t-0');
    expect(stored.length).toBe(new Set(stored).size);
    const acked = serials(run.cluster, 'batch-acknowledged').length;
    expect(stored.length).toBeGreaterThanOrEqual(acked);
  });
});

describe('errors of a broker', () => {
  test('OUT_OF_ORDER_SEQUENCE_NUMBER for the next batch bumps the epoch', () => {
    const run = begin();
    run.cluster.run(500);
    run.cluster.intercept('Produce', 1, answerWith(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, false));
    run.cluster.run(500);
    expect(finish(run)).toBe(true);
    expect(run.cluster.lines('producer-epoch-bumped')).toEqual([
      'web producer-epoch-bumped producerId=1000 producerEpoch=1 partitions=[t-0]',
    ]);
    const sent = run.cluster.of('record-sent').length;
    expect(new Set(serials(run.cluster, 'batch-acknowledged')).size).toBe(sent);
    expect(run.cluster.stored('t-0').length).toBe(sent);
  });
  test('DUPLICATE_SEQUENCE_NUMBER is success without an offset', () => {
    const run = begin();
    run.cluster.run(500);
    run.cluster.intercept('Produce', 1, answerWith(ErrorCode.DUPLICATE_SEQUENCE_NUMBER, true));
    run.cluster.run(500);
    expect(finish(run)).toBe(true);
    expect(run.cluster.of('batch-acknowledged').filter((event) => field(event, 'baseOffset') === -1).length).toBe(1);
    expect(run.cluster.of('batch-failed')).toEqual([]);
  });
  test('INVALID_RECORD fails the batch for good; NOT_ENOUGH_REPLICAS does not', () => {
    const run = begin();
    run.cluster.run(500);
    run.cluster.intercept('Produce', 1, answerWith(ErrorCode.NOT_ENOUGH_REPLICAS, false));
    run.cluster.run(500);
    expect(run.cluster.of('batch-failed')).toEqual([]);
    run.cluster.intercept('Produce', 1, answerWith(ErrorCode.INVALID_RECORD, false));
    run.cluster.run(500);
    expect(finish(run)).toBe(true);
    const failed = run.cluster.of('batch-failed');
    expect(failed.map((event) => [field(event, 'error'), field(event, 'definite')])).toEqual([
      ['INVALID_RECORD', true],
    ]);
    const errors = run.cluster.of('client-error-seen').map((event) => field(event, 'error'));
    expect(errors).toEqual(expect.arrayContaining(['NOT_ENOUGH_REPLICAS', 'INVALID_RECORD']));
  });
  test('a batch that is too large goes on in pieces, a record that is fails', () => {
    const run = begin({ 'linger.ms': 100 }, {}, { rate: { records: 200, perUs: 1_000_000 }, valueSize: 300 });
    run.cluster.authority.setConfig('t', 'max.message.bytes', '2000');
    run.cluster.run(1000);
    expect(finish(run)).toBe(true);
    expect(run.cluster.of('batch-split').length).toBeGreaterThan(0);
    expect(run.cluster.of('batch-failed')).toEqual([]);
    const stored = run.cluster.stored('t-0');
    expect(stored.length).toBe(run.cluster.of('record-sent').length);
    expect(stored).toEqual([...stored].sort((a, b) => Number(/\d+$/.exec(a)![0]) - Number(/\d+$/.exec(b)![0])));
    const given = { topic: 't', partition: 0, key: null, value: 'x'.repeat(3000) };
    const outcomes: unknown[] = [];
    run.web.send(given, (outcome) => outcomes.push(outcome));
    run.cluster.run(1000);
    expect(outcomes).toEqual([{ kind: 'failed', error: ErrorCode.MESSAGE_TOO_LARGE, definite: true }]);
  });
});

describe('send()', () => {
  test('waits for metadata, and fails for certain when max.block.ms is over', () => {
    const run = begin(
      { 'max.block.ms': 2000 },
      { config: { 'auto.create.topics.enable': 'false' } },
      { topic: 'nowhere' },
    );
    run.cluster.run(2500);
    expect(run.cluster.lines('send-blocked')[0]).toBe('web send-blocked topic=nowhere serial=1 reason=metadata');
    expect(run.cluster.lines('send-failed')).toEqual([
      'web send-failed topic=nowhere serial=1 key=k1 error=REQUEST_TIMED_OUT',
    ]);
  });
  test('waits for memory while nobody takes batches', () => {
    const run = begin({ 'buffer.memory': 40_000, 'batch.size': 1000, 'max.block.ms': 60_000 });
    run.cluster.run(500);
    run.cluster.broker(1).pause();
    run.cluster.run(6000);
    expect(run.cluster.lines('send-blocked').at(-1)).toContain('reason=memory');
    const before = run.cluster.of('record-sent').length;
    run.cluster.broker(1).resume();
    run.cluster.run(2000);
    expect(run.cluster.of('record-sent').length).toBeGreaterThan(before + 100);
    expect(finish(run)).toBe(true);
    expect(run.cluster.of('send-failed')).toEqual([]);
  });
});

test('acks=0 succeeds when it is written, acks=1 when the leader has it', () => {
  const none = begin({ acks: '0' });
  none.cluster.run(1000);
  expect(finish(none)).toBe(true);
  for (const event of none.cluster.of('batch-acknowledged')) expect(field(event, 'baseOffset')).toBe(-1);
  const one = begin({ acks: '1' });
  one.cluster.run(500);
  one.cluster.broker(2).pause();
  one.cluster.broker(3).pause();
  one.cluster.run(1000);
  expect(finish(one)).toBe(true);
  expect(serials(one.cluster, 'batch-acknowledged').length).toBe(one.cluster.of('record-sent').length);
});

test('a producer that is stopped flushes; one that is killed does not, and counts its records on', () => {
  const run = begin({ 'linger.ms': 1000 });
  run.cluster.run(1500);
  run.cluster.world.node('web')!.terminate();
  run.cluster.run(100);
  expect(run.cluster.world.node('web')!.exit?.code).toBe(0);
  const sent = run.cluster.of('record-sent').length;
  expect(serials(run.cluster, 'batch-acknowledged').length).toBe(sent);
  run.cluster.client('web', run.web.program);
  run.cluster.run(500);
  expect(field(run.cluster.of('record-sent')[sent]!, 'serial')).toBe(sent + 1);
});

test('records without a key stick to a partition until its batch is full', () => {
  const cluster = new TestCluster();
  cluster.authority.createTopic('t', [[1], [2], [3]]);
  cluster.run(20);
  const options = { topic: 't', rate: { records: 1000, perUs: 1_000_000 }, keys: null, valueSize: 100 };
  const web = new ProducerClient(cluster.environment, { ...options, config: { 'batch.size': 2000 } });
  cluster.client('web', web.program);
  cluster.run(2000);
  const partitions = cluster.of('record-sent').map((event) => field(event, 'partition'));
  let changes = 0;
  for (let i = 1; i < partitions.length; i++) if (partitions[i] !== partitions[i - 1]) changes += 1;
  expect(new Set(partitions).size).toBe(3);
  expect(changes).toBeLessThan(partitions.length / 8);
});

test('a changed rate holds from then on', () => {
  const run = begin();
  run.cluster.run(1000);
  const before = run.cluster.of('record-sent').length;
  run.web.setRate({ records: 500, perUs: 1_000_000 });
  run.cluster.run(1000);
  expect(run.cluster.of('record-sent').length - before).toBeGreaterThanOrEqual(499);
  expect(run.cluster.of('record-sent').length - before).toBeLessThanOrEqual(501);
});

test('encoding every message changes nothing', () => {
  const hashes = [false, true].map((encode) => {
    const run = begin({}, { encode });
    run.cluster.run(1000);
    run.cluster.lose(1, 3000);
    finish(run, 5000);
    return run.cluster.world.trace.hash();
  });
  expect(hashes[0]).toBe(hashes[1]);
});
