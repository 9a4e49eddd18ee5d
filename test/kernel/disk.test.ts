import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Disk, DiskError } from '../../src/kernel/api.ts';
import { MS, newWorld, SECOND, startProgram } from './harness.ts';

function machine() {
  const world = newWorld();
  const node = world.addNode({ name: 'a' });
  const control = node.disks[0]!;
  return { world, node, control, disk: control.disk };
}

const bytes = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const text = (data: Uint8Array) => String.fromCharCode(...data);
const contentOf = (disk: Disk, path: string) => text(disk.open(path).read(0, 1_000_000));
const nothing = () => {};

describe('files', () => {
  test('read what was appended, across and within the arrays that were given, without copying these', () => {
    const { disk } = machine();
    const file = disk.open('log', true);
    const first = bytes('abcdef');
    file.append(first);
    file.append(bytes(''));
    file.append(bytes('ghi'));
    const view = file.read(2, 3);
    expect([text(view), view.buffer === first.buffer]).toEqual(['cde', true]);
    expect([text(file.read(4, 4)), text(file.read(7, 100)), file.read(9, 5).length]).toEqual(['efgh', 'hi', 0]);
    file.write(1, bytes('XYZXYZX'));
    expect([contentOf(disk, 'log'), text(first)]).toEqual(['aXYZXYZXi', 'abcdef']);
    file.truncate(3);
    file.write(3, bytes('end'));
    expect([contentOf(disk, 'log'), file.size]).toEqual(['aXYend', 6]);
  });

  test('have names: list, rename, remove, and ENOENT', () => {
    const { disk } = machine();
    const file = disk.open('t-0/b.log', true);
    for (const path of ['t-0/a.log', 't-0/sub/c', 't-1/x', 't-01']) disk.open(path, true);
    expect(disk.list('t-0')).toEqual(['t-0/a.log', 't-0/b.log', 't-0/sub/c']);
    disk.rename('t-0/b.log', 't-1/x');
    expect([file.path, disk.exists('t-0/b.log'), disk.list('')]).toEqual([
      't-1/x',
      false,
      ['t-0/a.log', 't-0/sub/c', 't-01', 't-1/x'],
    ]);
    disk.remove('t-01');
    for (const operation of [() => disk.open('t-01'), () => disk.remove('t-01'), () => disk.rename('t-01', 'y')]) {
      expect(operation).toThrow('ENOENT: t-01');
    }
  });

  test('a sync takes the disk its time, one after another, and reports to the process', () => {
    const { world, control } = machine();
    const done: string[] = [];
    startProgram(world, 'a', (context) => {
      const file = context.disk(0).open('f', true);
      const report = (name: string, error: DiskError | null) => {
        done.push(`${context.nowUs()} ${name} ${error?.fault}`);
      };
      file.sync(report, 'one');
      file.sync(report, 'two');
      context.after(10 * MS, () => file.sync(report, 'three'), undefined);
      return undefined;
    });
    world.at(5 * MS, () => control.slow(3 * MS), undefined);
    world.runUntil(SECOND);
    expect(done).toEqual(['500 one undefined', '1000 two undefined', '13500 three undefined']);
  });
});

describe('power loss', () => {
  test('keeps what was written before the sync was called, once it has completed', () => {
    const { world, node, disk } = machine();
    const file = disk.open('f', true);
    file.append(bytes('kept'));
    file.sync(nothing, undefined);
    file.append(bytes(' lost'));
    const late = disk.open('g', true);
    late.append(bytes('too late'));
    world.runUntil(499);
    late.sync(nothing, undefined);
    world.runUntil(600);
    node.powerOff();
    world.runUntil(SECOND);
    expect(disk.list('')).toEqual(['f']);
    expect(contentOf(disk, 'f')).toBe('kept');
  });

  test('a killed process loses nothing', () => {
    const { world, node, disk } = machine();
    startProgram(world, 'a', (context) => {
      context.disk(0).open('f', true).append(bytes('page cache'));
      return undefined;
    });
    node.kill();
    expect(contentOf(disk, 'f')).toBe('page cache');
  });

  test('brings back durable bytes that were overwritten or cut off', () => {
    const { world, node, disk } = machine();
    const file = disk.open('f', true);
    file.append(bytes('abcdefgh'));
    file.sync(nothing, undefined);
    world.runUntil(SECOND);
    file.write(2, bytes('XX'));
    file.truncate(6);
    file.truncate(3);
    file.append(bytes('new tail'));
    expect(contentOf(disk, 'f')).toBe('abXnew tail');
    node.powerOff();
    expect(contentOf(disk, 'f')).toBe('abcdefgh');
  });

  test('takes back a rename, unless it was synced or is older than the journal is slow', () => {
    const run = (settle: (disk: Disk) => void, waitUs: number) => {
      const { world, node, disk } = machine();
      const old = disk.open('checkpoint', true);
      old.append(bytes('old'));
      old.sync(nothing, undefined);
      world.runUntil(SECOND);
      const fresh = disk.open('checkpoint.tmp', true);
      fresh.append(bytes('new'));
      fresh.sync(nothing, undefined);
      world.runUntil(2 * SECOND);
      disk.rename('checkpoint.tmp', 'checkpoint');
      settle(disk);
      world.runUntil(2 * SECOND + waitUs);
      node.powerOff();
      return disk.list('').map((path) => `${path}=${contentOf(disk, path)}`);
    };
    const before = ['checkpoint=old', 'checkpoint.tmp=new'];
    expect(run(nothing, SECOND)).toEqual(before);
    expect(run((disk) => disk.open('/').sync(nothing, undefined), SECOND)).toEqual(['checkpoint=new']);
    expect(run((disk) => disk.open('checkpoint').sync(nothing, undefined), SECOND)).toEqual(['checkpoint=new']);
    expect(run(nothing, 6 * SECOND)).toEqual(['checkpoint=new']);
  });

  test('brings back a file that was removed a moment ago', () => {
    const { world, node, disk } = machine();
    disk.open('f', true).append(bytes('x'));
    disk.open('f').sync(nothing, undefined);
    world.runUntil(10 * SECOND);
    disk.remove('f');
    node.powerOff();
    expect(contentOf(disk, 'f')).toBe('x');
  });

  test('with a torn write: half of the last unsynced write stays', () => {
    const { world, node, control, disk } = machine();
    const file = disk.open('f', true);
    file.append(bytes('durable.'));
    file.sync(nothing, undefined);
    world.runUntil(SECOND);
    control.tear(true);
    file.append(bytes('first.'));
    file.append(bytes('12345678'));
    node.powerOff();
    expect(contentOf(disk, 'f')).toBe('durable.first.1234');
    node.powerOff();
    file.append(bytes('again'));
    node.start(() => ({}));
    node.powerOff();
    expect(contentOf(disk, 'f')).toBe('durable.first.1234');
  });

  test('holds for any history: the machine comes back with the state of the last completed sync', () => {
    const operation = fc.oneof(
      fc.record({ kind: fc.constant('append' as const), data: fc.uint8Array({ maxLength: 12 }) }),
      fc.record({ kind: fc.constant('write' as const), at: fc.nat(99), data: fc.uint8Array({ maxLength: 12 }) }),
      fc.record({ kind: fc.constant('truncate' as const), at: fc.nat(99) }),
      fc.record({ kind: fc.constant('sync' as const) }),
      fc.record({ kind: fc.constant('wait' as const), us: fc.nat(1200) }),
      fc.record({ kind: fc.constant('power' as const) }),
    );
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 40 }), (operations) => {
        const { world, node, disk } = machine();
        let content: number[] = [];
        let durable: number[] = [];
        let syncs: { at: number; content: number[] }[] = [];
        const settle = () => {
          for (const sync of syncs) if (sync.at <= world.nowUs) durable = sync.content;
          syncs = syncs.filter(({ at }) => at > world.nowUs);
        };
        disk.open('f', true).sync(nothing, undefined);
        world.runUntil(SECOND);
        for (const operation of operations) {
          const file = disk.open('f');
          if (operation.kind === 'append') {
            file.append(operation.data);
            content = [...content, ...operation.data];
          } else if (operation.kind === 'write') {
            const at = Math.floor((operation.at * content.length) / 99);
            file.write(at, operation.data);
            content = [...content.slice(0, at), ...operation.data, ...content.slice(at + operation.data.length)];
          } else if (operation.kind === 'truncate') {
            const size = Math.floor((operation.at * content.length) / 99);
            file.truncate(size);
            content = content.slice(0, size);
          } else if (operation.kind === 'sync') {
            file.sync(nothing, undefined);
            syncs.push({ at: Math.max(world.nowUs, syncs.at(-1)?.at ?? 0) + 500, content });
          } else if (operation.kind === 'wait') {
            world.runUntil(world.nowUs + operation.us);
            settle();
          } else {
            node.start(() => ({}));
            node.powerOff();
            syncs = [];
            content = durable;
          }
          expect([...disk.open('f').read(0, 10_000)]).toEqual(content);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('faults', () => {
  test.each([
    ['EIO', { read: true, append: true, truncate: true, sync: true }],
    ['ENOSPC', { read: false, append: true, truncate: false, sync: false }],
    ['EROFS', { read: false, append: true, truncate: true, sync: true }],
  ] as const)('%s fails what it should, counts it, and is mended', (fault, fails) => {
    const { world, control, disk } = machine();
    const file = disk.open('f', true);
    file.append(bytes('abc'));
    control.fail(fault);
    const failing = (operation: () => void) => {
      try {
        operation();
        return false;
      } catch (error) {
        return (error as DiskError).fault === fault;
      }
    };
    let synced: string | undefined;
    file.sync((_arg, error) => {
      synced = error === null ? 'done' : error.fault;
    }, undefined);
    world.runUntil(SECOND);
    const met = {
      read: failing(() => file.read(0, 1)),
      append: failing(() => file.append(bytes('d'))),
      truncate: failing(() => file.truncate(3)),
      sync: synced !== 'done',
    };
    expect(met).toEqual(fails);
    expect(control.hits).toBe(Object.values(fails).filter(Boolean).length);
    control.fail(null);
    file.append(bytes('d'));
    expect(contentOf(disk, 'f')).toBe('abcd');
  });

  test('a flipped bit is read by everybody from then on, and power does not mend it', () => {
    const { world, node, control, disk } = machine();
    const file = disk.open('f', true);
    const original = bytes('abc');
    file.append(original);
    file.sync(nothing, undefined);
    world.runUntil(SECOND);
    control.flipBit('f', 1);
    expect([contentOf(disk, 'f'), text(original)]).toEqual(['acc', 'abc']);
    node.powerOff();
    expect(contentOf(disk, 'f')).toBe('acc');
  });

  test('wiping wants a node without a process', () => {
    const { node, disk } = machine();
    disk.open('f', true);
    node.start(() => ({}));
    expect(node.wipe(0)).toBe(false);
    node.kill();
    expect([node.wipe(0), node.wipe(1), disk.list('')]).toEqual([true, false, []]);
  });
});
