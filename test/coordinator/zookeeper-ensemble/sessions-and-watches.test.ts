import { describe, expect, test } from 'vitest';
import { OpCode, ZkCode } from '../../../src/coordinator/zookeeper/ensemble/codes.ts';
import { DataTree } from '../../../src/coordinator/zookeeper/ensemble/data-tree.ts';
import { EventType } from '../../../src/coordinator/zookeeper/ensemble/messages.ts';
import {
  firstSessionId,
  isPasswordOf,
  negotiateTimeout,
  SessionTracker,
  serverOfSession,
  sessionPassword,
} from '../../../src/coordinator/zookeeper/ensemble/sessions.ts';
import { Watches } from '../../../src/coordinator/zookeeper/ensemble/watches.ts';

describe('sessions', () => {
  test('time-outs are granted between 2 and 20 ticks', () => {
    const asked = [-1, 0, 3999, 4001, 18_000, 40_001, 2 ** 31 - 1];
    expect(asked.map((ms) => negotiateTimeout(ms, 2000))).toEqual([4000, 4000, 4000, 4001, 18_000, 40_000, 40_000]);
  });

  // Columns: last touch, time-out, moment of expiry; tickTime 2000.
  test.each([
    [0, 4000, 6000],
    [1, 4000, 6000],
    [1999, 4000, 6000],
    [2000, 4000, 8000],
    [500, 18_000, 20_000],
  ])('touched at %i with %i ms it expires at %i', (touchedMs, timeoutMs, expiresMs) => {
    const tracker = new SessionTracker(2000, new Map(), touchedMs);
    tracker.open(1, timeoutMs, 1);
    expect(tracker.expire(expiresMs - 1)).toEqual([]);
    expect(tracker.expire(expiresMs)).toEqual([1]);
    expect(tracker.expire(expiresMs + 100_000)).toEqual([]);
    expect(tracker.touch(1, timeoutMs)).toBe(false);
  });

  test('a new leader gives every session its whole time', () => {
    const tracker = new SessionTracker(
      2000,
      new Map([
        [1, 4000],
        [2, 8000],
      ]),
      100_000,
    );
    expect(tracker.expire(105_999)).toEqual([]);
    expect(tracker.expire(106_000)).toEqual([1]);
    expect(tracker.expire(110_000)).toEqual([2]);
  });

  test('a session belongs to the server that its client came to last', () => {
    const tracker = new SessionTracker(2000, new Map([[7, 4000]]), 0);
    expect(tracker.check(7, 2)).toBe(ZkCode.OK);
    tracker.reown(7, 3);
    expect(tracker.check(7, 2)).toBe(ZkCode.SESSION_MOVED);
    expect(tracker.check(7, 3)).toBe(ZkCode.OK);
    tracker.closing(7);
    expect(tracker.check(7, 3)).toBe(ZkCode.SESSION_EXPIRED);
    expect(tracker.check(8, 3)).toBe(ZkCode.SESSION_EXPIRED);
  });

  test('ids name their server, and passwords follow from ids alone', () => {
    const id = firstSessionId(200, 86_400_000);
    expect(Number.isSafeInteger(id + 65_535)).toBe(true);
    expect(serverOfSession(id)).toBe(200);
    expect(firstSessionId(1, 1)).toBeGreaterThan(firstSessionId(1, 0) + 65_535);
    expect(isPasswordOf(id, sessionPassword(id))).toBe(true);
    expect(isPasswordOf(id, sessionPassword(id + 1))).toBe(false);
  });
});

describe('watches', () => {
  const watching = (): { watches: Watches<string>; fired: string[] } => {
    const fired: string[] = [];
    return { fired, watches: new Watches((who, type, path) => fired.push(`${who} ${type} ${path}`)) };
  };

  test('each fires once; a deletion is told once to who watches both node and children', () => {
    const { watches, fired } = watching();
    watches.watchData('/a', 'x');
    watches.watchData('/a', 'x');
    watches.watchChildren('/a', 'x');
    watches.watchChildren('/a', 'y');
    watches.watchChildren('/', 'y');
    const gone = [
      { type: EventType.nodeDeleted, path: '/a' },
      { type: EventType.nodeChildrenChanged, path: '/' },
    ];
    watches.trigger(gone);
    watches.trigger(gone);
    expect(fired).toEqual(['x 2 /a', 'y 2 /a', 'y 4 /']);
    expect(watches.count).toBe(0);
  });

  test('a watcher that went is forgotten', () => {
    const { watches, fired } = watching();
    watches.watchData('/a', 'x');
    watches.watchData('/a', 'y');
    watches.forget('x');
    watches.trigger([{ type: EventType.nodeCreated, path: '/a' }]);
    expect(fired).toEqual(['y 1 /a']);
  });

  test('after a reconnection fires what was missed, and waits for the rest', () => {
    const tree = new DataTree();
    const make = (zxid: number, path: string): void => {
      const open = { ephemeral: false, acl: undefined, lifetime: 'persistent' } as const;
      const body = { type: OpCode.create, path, data: null, parentCVersion: zxid, ...open };
      tree.apply({ clientId: 1, cxid: 0, zxid, time: 0, body });
    };
    make(1, '/old');
    make(2, '/seen');
    make(3, '/seen/child');
    make(4, '/new');
    const { watches, fired } = watching();
    const paths = {
      dataWatches: ['/old', '/gone'],
      existWatches: ['/new', '/none'],
      childWatches: ['/seen', '/old', '/gone'],
    };
    watches.setWatches(tree, { relativeZxid: 2, ...paths }, 'x');
    expect(fired).toEqual(['x 2 /gone', 'x 1 /new', 'x 4 /seen', 'x 2 /gone']);
    expect(watches.count).toBe(3);
  });
});
