import { describe, expect, test } from 'vitest';
import type { Context } from '../../src/kernel/api.ts';
import { MS, newWorld, SECOND, startProgram } from './harness.ts';

describe('processors', () => {
  test('serve as many at once as there are threads, the rest in order', () => {
    const world = newWorld();
    const log: string[] = [];
    world.addNode({ name: 'a', cpuThreads: 2 }).start((context) => {
      const done = (name: string) => log.push(`${context.nowUs()} ${name}`);
      for (const [name, cost] of [
        ['one', 10],
        ['two', 4],
        ['three', 1],
        ['four', 1],
        ['free', 0],
      ] as const) {
        context.cpu.run(cost, done, name);
      }
      log.push('nothing ran inside the call');
      return {};
    });
    world.runUntil(SECOND);
    expect(log).toEqual(['nothing ran inside the call', '4 two', '5 three', '6 four', '6 free', '10 one']);
  });

  test('a slow machine takes longer, and its queue grows', () => {
    const world = newWorld();
    const log: number[] = [];
    const node = world.addNode({ name: 'a', cpuThreads: 1 });
    let context: Context | undefined;
    node.start((given) => {
      context = given;
      const work = () => {
        given.cpu.run(500, () => log.push(given.nowUs()), undefined);
        given.after(1 * MS, work, undefined);
      };
      work();
      return {};
    });
    world.runUntil(10 * SECOND);
    expect(context!.cpu.utilisation).toBeGreaterThan(490);
    expect(context!.cpu.utilisation).toBeLessThan(510);
    node.slowDown(4);
    world.runUntil(20 * SECOND);
    expect(context!.cpu.utilisation).toBeGreaterThan(990);
    expect(context!.cpu.queued).toBeGreaterThan(4000);
    expect(node.slowDown(0)).toBe(false);
  });
});

describe('clocks', () => {
  test('wall time is skewed and drifts; monotonic time does not care', () => {
    const world = newWorld({ wallEpochMs: 1_000_000_000_000 });
    let context: Context | undefined;
    const node = startProgram(world, 'a', (given) => {
      context = given;
      return undefined;
    });
    const elapsed = () => [context!.nowMs(), context!.wallMs() - 1_000_000_000_000];
    world.runUntil(10 * SECOND);
    expect(elapsed()).toEqual([10_000, 10_000]);
    node.clock.skew(-3_000);
    expect(elapsed()).toEqual([10_000, 7_000]);
    node.clock.drift(50_000);
    world.runUntil(20 * SECOND);
    expect(elapsed()).toEqual([20_000, 17_500]);
    node.clock.drift(0);
    world.runUntil(30 * SECOND);
    expect(elapsed()).toEqual([30_000, 27_500]);
    node.kill();
    node.start((given) => {
      context = given;
      return {};
    });
    expect(elapsed()).toEqual([30_000, 27_500]);
  });
});
