import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Assignor, type GroupMember, keyOf } from '../../src/client/consumer/assignors/assignor.ts';
import { cooperativeSticky } from '../../src/client/consumer/assignors/cooperative-sticky.ts';
import { assignorsOf } from '../../src/client/consumer/assignors/index.ts';
import { range } from '../../src/client/consumer/assignors/range.ts';
import { roundRobin } from '../../src/client/consumer/assignors/round-robin.ts';
import { sticky } from '../../src/client/consumer/assignors/sticky.ts';

interface Sketch {
  readonly topics?: readonly string[];
  readonly owned?: string;
  readonly generation?: number;
  readonly instance?: string;
}

/** `{ a: {}, b: { owned: 't-0 t-1' } }` → members. */
function members(sketches: Record<string, Sketch>): GroupMember[] {
  return Object.entries(sketches).map(([memberId, { topics = ['t'], owned = '', generation = 1, instance }]) => ({
    memberId,
    instanceId: instance ?? null,
    topics,
    owned: owned.split(' ').filter(Boolean).map(parse),
    generation: owned === '' ? -1 : generation,
  }));
}

function parse(name: string) {
  const at = name.lastIndexOf('-');
  return { topic: name.slice(0, at), partition: Number(name.slice(at + 1)) };
}

function assign(assignor: Assignor, group: GroupMember[], counts: Record<string, number>) {
  const assigned = assignor.assign(group, new Map(Object.entries(counts)));
  const sorted = [...assigned].map(([id, partitions]) => [id, partitions.map(keyOf).sort().join(' ')]);
  return Object.fromEntries(sorted);
}

describe('range', () => {
  test('deals blocks of each topic, the first members get one more', () => {
    expect(assign(range, members({ b: {}, a: {} }), { t: 3 })).toEqual({ a: 't-0 t-1', b: 't-2' });
    const both = { topics: ['t', 'u'] };
    expect(assign(range, members({ a: both, b: both }), { t: 3, u: 3 })).toEqual({
      a: 't-0 t-1 u-0 u-1',
      b: 't-2 u-2',
    });
  });
  test('puts static members first, by their instance ids', () => {
    expect(assign(range, members({ a: {}, z: { instance: 'i' } }), { t: 3 })).toEqual({ z: 't-0 t-1', a: 't-2' });
  });
  test('leaves out topics that do not exist', () => {
    expect(assign(range, members({ a: { topics: ['t', 'gone'] } }), { t: 1 })).toEqual({ a: 't-0' });
  });
});

test('round robin deals partitions in turn, and skips those who did not subscribe', () => {
  const group = members({ a: { topics: ['t'] }, b: { topics: ['t', 'u'] } });
  expect(assign(roundRobin, group, { t: 3, u: 2 })).toEqual({ a: 't-0 t-2', b: 't-1 u-0 u-1' });
});

describe('sticky', () => {
  test('keeps what is owned and gives a newcomer its share', () => {
    const group = members({ a: { owned: 't-0 t-1 t-2' }, b: { owned: 't-3 t-4 t-5' }, c: {} });
    expect(assign(sticky, group, { t: 6 })).toEqual({ a: 't-0 t-1', b: 't-3 t-4', c: 't-2 t-5' });
  });
  test('believes the newer of two claims, and neither of two in one generation', () => {
    const newer = members({ a: { owned: 't-0', generation: 1 }, b: { owned: 't-0', generation: 2 } });
    expect(assign(sticky, newer, { t: 2 })).toEqual({ a: 't-1', b: 't-0' });
    const same = members({ a: { owned: 't-1' }, b: { owned: 't-1' } });
    expect(assign(sticky, same, { t: 2 })).toEqual({ a: 't-0', b: 't-1' });
  });
  test('balances members with different subscriptions', () => {
    const group = members({ a: { topics: ['t'] }, b: { topics: ['t', 'u'] } });
    expect(assign(sticky, group, { t: 3, u: 1 })).toEqual({ a: expect.anything(), b: expect.anything() });
    const sizes = [
      ...sticky
        .assign(
          group,
          new Map([
            ['t', 3],
            ['u', 1],
          ]),
        )
        .values(),
    ].map(({ length }) => length);
    expect(sizes.sort()).toEqual([2, 2]);
  });
});

test('cooperative sticky takes a partition away before another gets it', () => {
  const group = members({ a: { owned: 't-0 t-1' }, b: {} });
  expect(assign(cooperativeSticky, group, { t: 2 })).toEqual({ a: 't-0', b: '' });
  const next = members({ a: { owned: 't-0', generation: 2 }, b: {} });
  expect(assign(cooperativeSticky, next, { t: 2 })).toEqual({ a: 't-0', b: 't-1' });
});

test('cooperative sticky passes over a claim that is out of date, and withholds what two claim', () => {
  const old = members({ a: { owned: 't-0', generation: 1 }, b: { owned: 't-0', generation: 3 } });
  expect(assign(cooperativeSticky, old, { t: 2 })).toEqual({ a: 't-1', b: 't-0' });
  const disputed = members({ a: { owned: 't-0' }, b: { owned: 't-0' } });
  expect(assign(cooperativeSticky, disputed, { t: 2 })).toEqual({ a: '', b: 't-1' });
});

test('assignors go by class or by name; the default is range before cooperative sticky', () => {
  const names = (list: string[]) => assignorsOf(list).map(({ name }) => name);
  expect(names(['org.apache.kafka.clients.consumer.StickyAssignor', 'roundrobin'])).toEqual(['sticky', 'roundrobin']);
  expect(names([])).toEqual(['range', 'cooperative-sticky']);
});

const arbitraryGroup = fc.record({
  counts: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 }),
  size: fc.integer({ min: 1, max: 6 }),
  leaving: fc.integer({ min: 0, max: 5 }),
});

for (const assignor of [range, roundRobin, sticky, cooperativeSticky]) {
  test(`${assignor.name}: every partition has exactly one owner among equals`, () => {
    fc.assert(
      fc.property(arbitraryGroup, ({ counts, size }) => {
        const topics = counts.map((_, index) => `topic${index}`);
        const byTopic = new Map(counts.map((count, index) => [`topic${index}`, count]));
        const sketches = Object.fromEntries(Array.from({ length: size }, (_, index) => [`m${index}`, { topics }]));
        const assigned = assignor.assign(members(sketches), byTopic);
        const all = [...assigned.values()].flat().map(keyOf);
        expect(all.length).toBe(counts.reduce((sum, count) => sum + count, 0));
        expect(new Set(all).size).toBe(all.length);
      }),
    );
  });
}

test('sticky: the shares differ by one at most, and only what a leaver had changes hands', () => {
  fc.assert(
    fc.property(arbitraryGroup, ({ counts, size, leaving }) => {
      const topics = counts.map((_, index) => `topic${index}`);
      const byTopic = new Map(counts.map((count, index) => [`topic${index}`, count]));
      const ids = Array.from({ length: size }, (_, index) => `m${index}`);
      const group = members(Object.fromEntries(ids.map((id) => [id, { topics }])));
      const first = sticky.assign(group, byTopic);
      const left = group.filter((_, index) => index !== leaving % size);
      if (left.length === 0) return;
      const second = sticky.assign(
        left.map((member) => ({ ...member, owned: first.get(member.memberId)!, generation: 1 })),
        byTopic,
      );
      const sizes = [...second.values()].map(({ length }) => length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      for (const [id, partitions] of second) {
        const kept = first.get(id)!.filter((held) => partitions.some((other) => keyOf(other) === keyOf(held)));
        expect(kept.length).toBe(first.get(id)!.length);
      }
    }),
  );
});
