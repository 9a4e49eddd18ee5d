import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OpCode, ZkCode, zkCodeName } from '../../../src/coordinator/zookeeper/ensemble/codes.ts';
import { type Applied, DataTree, statOf } from '../../../src/coordinator/zookeeper/ensemble/data-tree.ts';
import type { MultiOp, WriteRequest } from '../../../src/coordinator/zookeeper/ensemble/messages.ts';
import { RequestPrep, type SessionGate } from '../../../src/coordinator/zookeeper/ensemble/prep.ts';
import { decodeSnapshot, encodeSnapshot } from '../../../src/coordinator/zookeeper/ensemble/snapshot-codec.ts';
import type { Txn } from '../../../src/coordinator/zookeeper/ensemble/txn.ts';
import { decodeTxn, encodeTxn } from '../../../src/coordinator/zookeeper/ensemble/txn-codec.ts';

const SESSION = 9;
const openGate: SessionGate = { check: () => ZkCode.OK, open: () => {}, closing: () => {} };

/** A leader's preparation and tree; `apply` decides how far the tree lags behind what was prepared. */
class Pipeline {
  readonly tree = new DataTree();
  readonly #prep = new RequestPrep(this.tree, openGate);
  readonly txns: Txn[] = [];
  readonly answers: Applied[] = [];
  #zxid = 0;

  prepare(request: WriteRequest, sessionId = SESSION): void {
    const zxid = ++this.#zxid;
    this.txns.push(this.#prep.prepare({ sessionId, cxid: zxid, request }, { zxid, time: 1000 + zxid, owner: 1 }));
  }

  apply(count = this.txns.length - this.answers.length): void {
    for (let i = 0; i < count; i++) {
      const txn = this.txns[this.answers.length];
      if (txn !== undefined) this.answers.push(this.tree.apply(txn));
    }
  }

  do(request: WriteRequest): Applied {
    this.prepare(request);
    this.apply();
    return this.answers.at(-1)!;
  }
}

const create = (path: string, flags = 0): MultiOp => ({ type: OpCode.create, path, data: null, flags });
const remove = (path: string, version = -1): MultiOp => ({ type: OpCode.delete, path, version });
const set = (path: string, version = -1): MultiOp => ({ type: OpCode.setData, path, data: null, version });

describe('order of checks', () => {
  const cases: readonly [string, WriteRequest, ZkCode][] = [
    ['create: a flag that does not exist comes first', create('nonsense', 9) as WriteRequest, ZkCode.BAD_ARGUMENTS],
    ['create: NUL before the missing parent', create('/no/\0') as WriteRequest, ZkCode.BAD_ARGUMENTS],
    ['create: missing parent before the bad component', create('/no/./b') as WriteRequest, ZkCode.NO_NODE],
    ['create: bad component of an existing parent', create('/a/..') as WriteRequest, ZkCode.BAD_ARGUMENTS],
    ['create: the root exists', create('/') as WriteRequest, ZkCode.NODE_EXISTS],
    ['create: existing before ephemeral parent', create('/a') as WriteRequest, ZkCode.NODE_EXISTS],
    ['create: below an ephemeral', create('/e/x') as WriteRequest, ZkCode.NO_CHILDREN_FOR_EPHEMERALS],
    ['create: below /zookeeper is allowed', create('/zookeeper/x') as WriteRequest, ZkCode.OK],
    ['delete: special path', remove('/zookeeper') as WriteRequest, ZkCode.BAD_ARGUMENTS],
    ['delete: missing', remove('/no/x', 3) as WriteRequest, ZkCode.NO_NODE],
    ['delete: version before children', remove('/a', 3) as WriteRequest, ZkCode.BAD_VERSION],
    ['delete: children', remove('/a', 0) as WriteRequest, ZkCode.NOT_EMPTY],
    ['setData: missing before version', set('/no', 7) as WriteRequest, ZkCode.NO_NODE],
    ['setData: version', set('/a', 7) as WriteRequest, ZkCode.BAD_VERSION],
  ];
  test.each(cases)('%s', (_, request, code) => {
    const pipeline = new Pipeline();
    pipeline.do(create('/a') as WriteRequest);
    pipeline.do(create('/a/b') as WriteRequest);
    pipeline.do(create('/e', 1) as WriteRequest);
    expect(zkCodeName(pipeline.do(request).err)).toBe(zkCodeName(code));
    expect(pipeline.tree.lastZxid).toBe(4);
  });
});

test('a sequence number counts all creations below the parent and no deletion', () => {
  const pipeline = new Pipeline();
  pipeline.do(create('/s') as WriteRequest);
  const paths = [create('/s/n', 2), create('/s/n', 2), create('/s/x'), create('/s/n', 2), create('/s/', 2)].map(
    (op) => pipeline.do(op as WriteRequest).path,
  );
  expect(paths).toEqual(['/s/n0000000000', '/s/n0000000001', '/s/x', '/s/n0000000003', '/s/0000000004']);
  pipeline.do(remove('/s/x') as WriteRequest);
  expect(pipeline.do(create('/s/n', 2) as WriteRequest).path).toBe('/s/n0000000005');
  // Shown are creations and deletions: 6 + 1.
  expect(statOf(pipeline.tree.get('/s')!).cversion).toBe(7);
  expect(statOf(new DataTree().get('/')!).cversion).toBe(-1);
});

test('requests are judged against what is under way, and the end of a session takes what it is about to own', () => {
  const pipeline = new Pipeline();
  pipeline.prepare(create('/a') as WriteRequest);
  pipeline.prepare(create('/a/b') as WriteRequest);
  pipeline.prepare(remove('/a') as WriteRequest);
  pipeline.prepare({
    type: OpCode.multi,
    ops: [remove('/a/b'), remove('/a'), create('/a', 1), set('/a', 0), remove('/no')],
  });
  pipeline.prepare(create('/e', 1) as WriteRequest);
  pipeline.prepare(remove('/e') as WriteRequest);
  pipeline.prepare(create('/f', 1) as WriteRequest);
  pipeline.prepare({ type: OpCode.closeSession });
  pipeline.prepare(create('/f', 1) as WriteRequest, 5);
  pipeline.apply();
  expect(pipeline.answers.map(({ err }) => err)).toEqual([0, 0, ZkCode.NOT_EMPTY, 0, 0, 0, 0, 0, 0]);
  expect(pipeline.answers[3]?.results?.map(({ err }) => err)).toEqual([0, 0, 0, 0, ZkCode.NO_NODE]);
  expect(pipeline.txns[7]?.body).toEqual({ type: OpCode.closeSession, paths2Delete: ['/f'] });
  expect(pipeline.tree.get('/a/b')).toBeDefined();
  expect(pipeline.tree.ephemeralsOf(5)).toEqual(['/f']);
});

// ---- Properties

const path = fc.constantFrom('/', '/a', '/b', '/a/a', '/a/b', '/a/a/a', '/zookeeper', '/a/.', 'x');
const version = fc.constantFrom(-1, -1, 0, 1, 2);
const op: fc.Arbitrary<MultiOp> = fc.oneof(
  fc.record({
    type: fc.constant(OpCode.create),
    path,
    data: fc.option(fc.uint8Array({ maxLength: 3 })),
    flags: fc.integer({ min: 0, max: 4 }),
  }),
  fc.record({ type: fc.constant(OpCode.delete), path, version }),
  fc.record({ type: fc.constant(OpCode.setData), path, data: fc.option(fc.uint8Array({ maxLength: 3 })), version }),
  fc.record({ type: fc.constant(OpCode.check), path, version }),
);
const request: fc.Arbitrary<WriteRequest> = fc.oneof(
  { weight: 6, arbitrary: op.filter((it) => it.type !== OpCode.check) as fc.Arbitrary<WriteRequest> },
  { weight: 3, arbitrary: fc.record({ type: fc.constant(OpCode.multi), ops: fc.array(op, { maxLength: 4 }) }) },
  { weight: 1, arbitrary: fc.constant({ type: OpCode.closeSession }) },
  { weight: 1, arbitrary: fc.constant({ type: OpCode.createSession, timeOut: 6000 }) },
);
const story = fc.array(
  fc.record({ request, sessionId: fc.integer({ min: 1, max: 3 }), apply: fc.integer({ min: 0, max: 3 }) }),
  { maxLength: 50 },
);

test('how far the tree lags behind the proposals changes no txn, and every txn can be applied', () => {
  fc.assert(
    fc.property(story, (steps) => {
      const lagging = new Pipeline();
      const prompt = new Pipeline();
      for (const { request, sessionId, apply } of steps) {
        lagging.prepare(request, sessionId);
        lagging.apply(apply);
        prompt.prepare(request, sessionId);
        prompt.apply();
      }
      lagging.apply();
      expect(lagging.txns).toEqual(prompt.txns);
      expect(lagging.tree.snapshot()).toEqual(prompt.tree.snapshot());
    }),
    { numRuns: 300, seed: 11 },
  );
});

test('txns and snapshots come back from their bytes, and a restored tree goes on like the original', () => {
  fc.assert(
    fc.property(story, story, (before, after) => {
      const original = new Pipeline();
      for (const { request, sessionId } of before) original.prepare(request, sessionId);
      original.apply();
      const snapshot = original.tree.snapshot();
      const restored = new DataTree();
      restored.restore(decodeSnapshot(snapshot.zxid, encodeSnapshot(snapshot)));
      for (const { request, sessionId } of after) original.prepare(request, sessionId);
      for (const txn of original.txns.slice(before.length)) restored.apply(decodeTxn(encodeTxn(txn)));
      original.apply();
      expect(byPath(restored)).toEqual(byPath(original.tree));
    }),
    { numRuns: 200, seed: 12 },
  );
});

function byPath(tree: DataTree): unknown {
  const { zxid, sessions, nodes } = tree.snapshot();
  return { zxid, sessions, nodes: new Map(nodes.map((node) => [node.path, node])) };
}

test('lists of who may do what, and lifetimes, come back from their bytes', () => {
  const closed = [{ perms: 31, scheme: 'digest', id: 'bob:hash' }];
  const base = { czxid: 1, mzxid: 2, ctime: 3, mtime: 4, version: 0, cversion: 1, aversion: 2, pzxid: 1, data: null };
  const nodes = [
    { ...base, path: '/', ephemeralOwner: 0, acl: undefined, lifetime: 'persistent' },
    { ...base, path: '/a', ephemeralOwner: 0x1_0000_0000_0001, acl: closed, lifetime: 'persistent' },
    { ...base, path: '/b', ephemeralOwner: 0, acl: closed, lifetime: 'container' },
    { ...base, path: '/c', ephemeralOwner: 0, acl: undefined, lifetime: 0xff_ffff_ffff },
  ] as const;
  const snapshot = { zxid: 9, sessions: [], nodes };
  expect(decodeSnapshot(9, encodeSnapshot(snapshot))).toEqual(snapshot);
  for (const lifetime of ['persistent', 'container', 60_000] as const) {
    const create = { type: OpCode.create, path: '/a', data: null, ephemeral: false, parentCVersion: 1 } as const;
    const txn = { clientId: 1, cxid: 2, zxid: 3, time: 4, body: { ...create, acl: closed, lifetime } };
    expect(decodeTxn(encodeTxn(txn))).toEqual(txn);
  }
});
