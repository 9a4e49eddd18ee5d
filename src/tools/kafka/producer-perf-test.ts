import type { SendOutcome } from '../../client/producer/batch.ts';
import { Producer } from '../../client/producer/producer.ts';
import type { Config } from '../../config/config.ts';
import { exceptionOf, PlainError, UsageError } from './failure.ts';
import { isSecurity, linesOf, readProperty } from './properties.ts';
import { producerSettings } from './record-sender.ts';
import { called } from './steps.ts';
import type { Tool, ToolCall } from './tool.ts';

/** Records are in the memory of this process. */
const MOST_RECORDS = 1_000_000;
const WINDOW_US = 5_000_000;
const MIB = 1024 * 1024;

/** ProducerPerformance. */
export const producerPerfTest: Tool = {
  name: 'kafka-producer-perf-test',
  summary: 'sends many records, and says how fast that was',
  differs:
    'Time is virtual: the figures are those of the simulated disks, processors and links. A record costs its sender nothing, so without --throughput the buffer of the producer is the limit.',
  options: [
    { name: 'topic', value: 'NAME', completes: 'topic', about: 'to which topic' },
    { name: 'num-records', value: 'N', about: 'how many' },
    { name: 'record-size', value: 'BYTES', about: 'how large each is' },
    { name: 'throughput', value: 'N', about: 'records a second; -1: as fast as it goes' },
    { name: 'producer-props', value: 'acks=all', many: true, about: 'settings of the producer' },
    { name: 'command-property', value: 'acks=all', many: true, about: 'the same by its new name' },
    { name: 'producer.config', value: 'FILE', file: 'properties', about: 'settings of the producer, a line each' },
    { name: 'command-config', value: 'FILE', file: 'properties', about: 'the same by its new name' },
  ],
  parser: 'producer-performance',
  refuses: {
    'payload-file': 'records are --record-size bytes of one letter',
    'payload-delimiter': 'records are --record-size bytes of one letter',
    'payload-monotonic': 'records are --record-size bytes of one letter',
    'print-metrics': 'the metrics of clients are behind `metrics`',
    'transactional-id': 'transactions are those of clients in scenarios',
    'transaction-duration-ms': 'transactions are those of clients in scenarios',
    'warmup-records': 'time is virtual: nothing has to warm up',
    'reporting-interval': 'it is five seconds',
  },
  examples: ['kafka-producer-perf-test --topic orders --num-records 10000 --record-size 100 --throughput 1000'],
  *run(call) {
    const { args, cluster, print } = call;
    const topic = args.required('topic');
    const [count, size, throughput] = ['num-records', 'record-size', 'throughput'].map((name) => {
      args.required(name);
      return args.integer(name)!;
    }) as [number, number, number];
    if (count < 1 || count > MOST_RECORDS) throw new UsageError(`--num-records is between 1 and ${MOST_RECORDS}`);
    if (size < 1) throw new UsageError('--record-size should be greater than zero.');
    if (!cluster.catalog.topics().has(topic))
      throw new PlainError(`Topic '${topic}' does not exist, and sending makes none`);
    const producer = new Producer(call.admin.network.context, cluster.clients.environment, settingsOf(call));
    const outcome = yield* called<Measured>((done) =>
      sendAll(call, producer, { topic, count, size, throughput }, done),
    );
    producer.close();
    if (outcome.error !== 0) {
      const { exception, message } = exceptionOf(outcome.error, null);
      print(`${outcome.failed} records failed: org.apache.kafka.common.errors.${exception}: ${message}`);
      call.spoil();
    }
    if (outcome.latenciesUs.length > 0) print(...outcome.windows, totalLine(outcome, size));
  },
};

interface Measured {
  readonly windows: string[];
  readonly latenciesUs: number[];
  beganUs: number;
  endedUs: number;
  failed: number;
  /** The latest; 0: none. */
  error: number;
}

function settingsOf(call: ToolCall): Config {
  const { args } = call;
  const lines = linesOf(args.get('producer.config') ?? args.get('command-config'));
  const given = [...lines, ...args.all('producer-props'), ...args.all('command-property')].map(readProperty);
  return producerSettings(
    call,
    Object.fromEntries(given.filter(([name]) => !name.startsWith('bootstrap.') && !isSecurity(name))),
  );
}

interface Wanted {
  readonly topic: string;
  readonly count: number;
  readonly size: number;
  readonly throughput: number;
}

/** Sends at the pace that is asked for, and calls back when the outcome of all records is known. */
function sendAll(call: ToolCall, producer: Producer, wanted: Wanted, done: (measured: Measured) => void): void {
  const { context } = call.admin.network;
  const { topic, count, size, throughput } = wanted;
  const value = new Uint8Array(size).fill('S'.charCodeAt(0));
  const beganUs = context.nowUs();
  const measured: Measured = { windows: [], latenciesUs: [], beganUs, endedUs: beganUs, failed: 0, error: 0 };
  const window = { beganUs, latenciesUs: [] as number[] };
  let sent = 0;
  let known = 0;

  const outcome = (atUs: number, { kind, ...end }: SendOutcome): void => {
    const nowUs = context.nowUs();
    known += 1;
    if (kind === 'failed') {
      measured.failed += 1;
      measured.error = 'error' in end ? end.error : measured.error;
    } else {
      measured.latenciesUs.push(nowUs - atUs);
      window.latenciesUs.push(nowUs - atUs);
      measured.endedUs = nowUs;
    }
    if (nowUs - window.beganUs >= WINDOW_US && window.latenciesUs.length > 0) {
      measured.windows.push(windowLine(window.latenciesUs, nowUs - window.beganUs, size));
      window.beganUs = nowUs;
      window.latenciesUs = [];
    }
    if (known === count) done(measured);
  };
  const step = (): void => {
    producer.onUnblocked = null;
    while (sent < count) {
      const dueUs = throughput > 0 ? beganUs + Math.floor((sent * 1e6) / throughput) : beganUs;
      if (dueUs > context.nowUs()) return void context.after(dueUs - context.nowUs(), step, undefined);
      sent += 1;
      const atUs = context.nowUs();
      producer.send({
        topic,
        partition: null,
        key: null,
        keyText: null,
        value,
        timestampMs: context.wallMs(),
        serial: call.cluster.operator.nextSerial(),
        done: (end) => outcome(atUs, end),
      });
      if (producer.isBlocked && sent < count) {
        producer.onUnblocked = step;
        return;
      }
    }
    producer.flush(() => {});
  };
  step();
}

function rates(records: number, elapsedUs: number, size: number) {
  const perSecond = (records * 1e6) / Math.max(1, elapsedUs);
  return { perSecond, mib: (perSecond * size) / MIB };
}

function averageMs(latenciesUs: readonly number[]): number {
  return latenciesUs.reduce((sum, each) => sum + each, 0) / latenciesUs.length / 1000;
}

function windowLine(latenciesUs: readonly number[], elapsedUs: number, size: number): string {
  const { perSecond, mib } = rates(latenciesUs.length, elapsedUs, size);
  const most = latenciesUs.reduce((max, each) => Math.max(max, each), 0) / 1000;
  return `${latenciesUs.length} records sent, ${perSecond.toFixed(1)} records/sec (${mib.toFixed(2)} MB/sec), ${averageMs(latenciesUs).toFixed(1)} ms avg latency, ${most.toFixed(1)} ms max latency.`;
}

function totalLine({ latenciesUs, beganUs, endedUs }: Measured, size: number): string {
  const { perSecond, mib } = rates(latenciesUs.length, endedUs - beganUs, size);
  const sorted = [...latenciesUs].sort((one, other) => one - other);
  const at = (share: number): number =>
    Math.floor(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]! / 1000);
  return [
    `${sorted.length} records sent`,
    `${perSecond.toFixed(6)} records/sec (${mib.toFixed(2)} MB/sec)`,
    `${averageMs(sorted).toFixed(2)} ms avg latency`,
    `${(sorted.at(-1)! / 1000).toFixed(2)} ms max latency`,
    `${at(0.5)} ms 50th`,
    `${at(0.95)} ms 95th`,
    `${at(0.99)} ms 99th`,
    `${at(0.999)} ms 99.9th.`,
  ].join(', ');
}
