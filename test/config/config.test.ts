import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fastTimer } from '../../src/config/config.ts';
import { type ConfigScope, type KafkaVersion, NEVER } from '../../src/config/entry.ts';
import { editDistance, nearest } from '../../src/config/nearest.ts';
import {
  adminConfig,
  brokerConfig,
  consumerConfig,
  producerConfig,
  topicConfig,
  zookeeperConfig,
} from '../../src/config/resources.ts';
import { brokerSynonyms } from '../../src/config/synonyms.ts';
import { entriesOf, entryOf } from '../../src/config/tables.ts';
import { validateConfig } from '../../src/config/validate.ts';
import { formatValue, parseValue } from '../../src/config/value.ts';

const SCOPES: readonly ConfigScope[] = ['broker', 'topic', 'group', 'producer', 'consumer', 'admin', 'zookeeper'];
const VERSIONS: readonly KafkaVersion[] = ['3.9', '4.0', '4.1', '4.2'];
const V39 = { version: '3.9' } as const;
const V42 = { version: '4.2' } as const;

describe('the tables', () => {
  test('hold each name once, with defaults that are valid and can be printed and read again', () => {
    for (const scope of SCOPES) {
      const entries = entriesOf(scope);
      expect(new Set(entries.map(({ name }) => name)).size, scope).toBe(entries.length);
      for (const entry of entries) {
        expect(
          VERSIONS.some((version) => entry.defaults[version] !== undefined),
          entry.name,
        ).toBe(true);
        for (const version of VERSIONS) {
          const initial = entry.defaults[version];
          if (initial === undefined || initial === null) continue;
          const parsed = parseValue(entry, initial);
          if ('problem' in parsed) throw new Error(`${entry.name}: ${parsed.problem}`);
          expect(parseValue(entry, formatValue(parsed.value)), entry.name).toEqual(parsed);
        }
      }
    }
  });

  test('timers are times with a sentence that says what they decide', () => {
    for (const entry of SCOPES.flatMap((scope) => entriesOf(scope)).filter(({ timer }) => timer)) {
      expect(entry.name).toMatch(/(\.ms|\.seconds|^tickTime)$/);
      expect(entry.decides, entry.name).toMatch(/\.$/);
    }
  });

  // The numbers that set every failover's time line.
  test.each([
    ['broker', 'zookeeper.session.timeout.ms', 18000, undefined],
    ['broker', 'broker.session.timeout.ms', 9000, 9000],
    ['broker', 'broker.heartbeat.interval.ms', 2000, 2000],
    ['broker', 'controller.quorum.fetch.timeout.ms', 2000, 2000],
    ['broker', 'controller.quorum.election.timeout.ms', 1000, 1000],
    ['broker', 'replica.lag.time.max.ms', 30000, 30000],
    ['broker', 'replica.fetch.wait.max.ms', 500, 500],
    ['broker', 'unclean.leader.election.enable', false, false],
    ['broker', 'num.recovery.threads.per.data.dir', 1, 2],
    ['broker', 'log.message.timestamp.after.max.ms', NEVER, 3600000],
    ['broker', 'log.flush.interval.messages', NEVER, NEVER],
    ['broker', 'inter.broker.protocol.version', '3.9-IV0', undefined],
    ['consumer', 'session.timeout.ms', 45000, 45000],
    ['producer', 'delivery.timeout.ms', 120000, 120000],
    ['producer', 'linger.ms', 0, 5],
    ['producer', 'metadata.recovery.strategy', 'none', 'rebootstrap'],
    ['zookeeper', 'tickTime', 3000, 3000],
  ] as const)('%s: %s is %s in 3.9 and %s in 4.x', (scope, name, v39, v42) => {
    expect(entryOf(scope, name)!.defaults).toEqual({ '3.9': v39, '4.0': v42, '4.1': v42, '4.2': v42 });
  });
});

describe('a server', () => {
  test('reads what the user wrote in any form, else the default of its version', () => {
    const config = brokerConfig(
      { 'num.partitions': ' 6 ', 'auto.create.topics.enable': 'FALSE', 'broker.rack': 'a' },
      V42,
    );
    expect(config.number('num.partitions')).toBe(6);
    expect(config.boolean('auto.create.topics.enable')).toBe(false);
    expect(config.string('broker.rack')).toBe('a');
    expect(config.number('num.recovery.threads.per.data.dir')).toBe(2);
    expect(config.list('log.cleanup.policy')).toEqual(['delete']);
    expect(config.text('log.flush.interval.messages')).toBe('9223372036854775807');
    expect(config.numberOrNull('log.retention.ms')).toBeNull();
    expect([config.isOverridden('num.partitions'), config.isOverridden('num.io.threads')]).toEqual([true, false]);
  });

  test('has no names of another version, and refuses the wrong type', () => {
    const config = brokerConfig({}, V42);
    expect(config.has('zookeeper.connect')).toBe(false);
    expect(() => config.string('zookeeper.connect')).toThrow(/Kafka 4.2/);
    expect(() => config.number('listeners')).toThrow(/not a number/);
    expect(() => brokerConfig({ 'num.partitions': 'many' }, V42)).toThrow(/num.partitions must be a number/);
  });

  test('takes changes and takes them back', () => {
    const config = brokerConfig({ 'num.io.threads': 4 }, V42);
    const changed = config.with({ 'num.io.threads': 2 });
    expect([config.number('num.io.threads'), changed.number('num.io.threads')]).toEqual([4, 2]);
    expect(changed.with({ 'num.io.threads': null }).number('num.io.threads')).toBe(8);
  });

  test('fast timers keep their proportions, and what the user wrote', () => {
    const fast = brokerConfig({ 'replica.lag.time.max.ms': 30000 }, { version: '3.9', timers: 'fast' });
    expect(fast.number('broker.session.timeout.ms')).toBe(1000);
    expect(fast.number('broker.heartbeat.interval.ms')).toBe(222);
    expect(fast.number('zookeeper.session.timeout.ms')).toBe(2000);
    expect(fast.number('replica.lag.time.max.ms')).toBe(30000);
    expect(fast.number('log.retention.check.interval.ms')).toBe(300000);
    const zookeeper = zookeeperConfig({}, { version: '3.9', timers: 'fast' });
    const tick = zookeeper.number('tickTime');
    expect(fast.number('zookeeper.session.timeout.ms')).toBeGreaterThanOrEqual(2 * tick);
    expect(fast.number('zookeeper.session.timeout.ms')).toBeLessThanOrEqual(20 * tick);
    expect(fastTimer(3)).toBe(1);
    const consumer = consumerConfig({}, { version: '3.9', timers: 'fast' });
    expect(consumer.number('session.timeout.ms')).toBeGreaterThanOrEqual(fast.number('group.min.session.timeout.ms'));
    expect(consumer.number('heartbeat.interval.ms') * 3).toBeLessThanOrEqual(consumer.number('session.timeout.ms'));
  });
});

describe('a topic', () => {
  test('follows the broker under its names there', () => {
    const broker = brokerConfig({ 'min.insync.replicas': 2, 'log.retention.hours': 1, 'log.segment.bytes': 1024 }, V42);
    const topic = topicConfig({ 'segment.bytes': '2048' }, broker);
    expect(topic.number('min.insync.replicas')).toBe(2);
    expect(topic.number('retention.ms')).toBe(3_600_000);
    expect(topic.number('segment.bytes')).toBe(2048);
    expect(topic.number('flush.ms')).toBe(NEVER);
    expect(topic.number('message.timestamp.after.max.ms')).toBe(3_600_000);
    expect(topicConfig({}, broker.with({ 'log.retention.ms': -1 })).number('retention.ms')).toBe(-1);
    expect(topicConfig({}, broker.with({ 'log.retention.minutes': 2 })).number('retention.ms')).toBe(120_000);
  });

  test('has the defaults of the broker under every synonym', () => {
    for (const version of VERSIONS) {
      const topic = topicConfig({}, brokerConfig({}, { version }));
      for (const entry of topic.entries()) {
        const printed = topic.text(entry.name);
        expect(printed, entry.name).toBe(formatValue(entry.defaults[version] as string));
        for (const name of brokerSynonyms(entry.name)) expect(entryOf('broker', name), name).toBeDefined();
      }
    }
  });
});

test('clients have tables of their own', () => {
  expect([producerConfig({}, V39).number('linger.ms'), producerConfig({}, V42).number('linger.ms')]).toEqual([0, 5]);
  expect(consumerConfig({ 'isolation.level': 'read_committed' }, V42).string('isolation.level')).toBe('read_committed');
  expect(adminConfig({}, V42).number('default.api.timeout.ms')).toBe(60000);
});

describe('validation', () => {
  test.each([
    [
      'broker',
      'min.insync.replica',
      2,
      'min.insync.replica is no configuration of a broker; did you mean min.insync.replicas?',
    ],
    ['topic', 'retention.sm', 1, 'retention.sm is no configuration of a topic; did you mean retention.ms?'],
    ['topic', 'acks', 'all', 'acks is no configuration of a topic; it is one of a producer'],
    ['broker', 'num.partitions', 0, 'num.partitions must be at least 1, not 0'],
    ['broker', 'num.partitions', 1.5, 'num.partitions must be a whole number, not 1.5'],
    [
      'broker',
      'unclean.leader.election.enable',
      'yes',
      'unclean.leader.election.enable must be true or false, not "yes"',
    ],
    ['topic', 'cleanup.policy', 'compact,remove', 'cleanup.policy must be one of compact, delete, not "remove"'],
    ['producer', 'acks', 2, 'acks must be one of all, -1, 0, 1, not "2"'],
    ['producer', 'acks', -1, null],
    ['broker', 'ssl.keystore.location', '/x', null],
    ['broker', 'listener.name.external.ssl.keystore.location', '/x', null],
    ['broker', 'zookeeper.connect', 'zk:2181', null],
  ] as const)('%s %s=%s: %s', (scope, name, value, problem) => {
    expect(validateConfig(scope, name, value)).toBe(problem);
  });

  test('a version refuses the names that it does not know', () => {
    expect(validateConfig('broker', 'zookeeper.connect', 'zk:2181', '4.2')).toBe(
      'zookeeper.connect is unknown to Kafka 4.2; only 3.9 has it',
    );
    expect(validateConfig('broker', 'zookeeper.connect', 'zk:2181', '3.9')).toBeNull();
  });
});

describe('the nearest word', () => {
  test('counts a letter more, less, other, or two swapped as one slip', () => {
    expect(editDistance('kafka', 'kfaka')).toBe(1);
    expect(editDistance('kafka', 'kafkas')).toBe(1);
    expect(editDistance('kafka', 'kaffka')).toBe(1);
    expect(editDistance('kafka', 'kappa')).toBe(2);
    expect(editDistance('', 'abc')).toBe(3);
  });

  test('is a metric that a limit cuts short and does not change', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 7 });
    fc.assert(
      fc.property(word, word, fc.nat(7), (a, b, limit) => {
        const distance = editDistance(a, b);
        expect(editDistance(b, a)).toBe(distance);
        expect(distance === 0).toBe(a === b);
        expect(Math.min(editDistance(a, b, limit), limit + 1)).toBe(Math.min(distance, limit + 1));
      }),
    );
  });

  test('is the first among equals, and nothing when all are far off', () => {
    expect(nearest('brokr', ['topic', 'broker', 'brokers'])).toBe('broker');
    expect(nearest('cat', ['bat', 'rat'])).toBe('bat');
    expect(nearest('zzzzzz', ['topic', 'broker'])).toBeUndefined();
  });
});
