/** How long failures take, against what was measured with a real ensemble (tickTime 2000, initLimit 10, syncLimit 5). In seconds. */
import { expect, test } from 'vitest';
import type { NodeControl } from '../../../src/kernel/api.ts';
import { KernelEnsemble } from './kernel-ensemble.ts';

interface Scene {
  readonly ensemble: KernelEnsemble;
  readonly leader: NodeControl;
  readonly followers: readonly NodeControl[];
}

function scene(seed: number): Scene {
  const ensemble = new KernelEnsemble(3, seed);
  // Ticks begin with the leadership; the fault comes at another moment of the tick with each seed.
  ensemble.run(5000 + seed * 370);
  const leader = ensemble.leader();
  return { ensemble, leader, followers: ensemble.servers.filter((server) => server !== leader) };
}

interface Case {
  readonly name: string;
  readonly fault: (scene: Scene) => void;
  /** The event that ends it; its first value is `about`, if that is given. */
  readonly until: string;
  readonly about?: (scene: Scene) => NodeControl;
  readonly least: number;
  readonly most: number;
}

const newLeader = 'ensemble-leader-elected';
const gaveUp = 'ensemble-leadership-lost';
const synced = 'ensemble-follower-synced';

const cases: readonly Case[] = [
  { name: 'leader killed', fault: ({ leader }) => leader.kill(), until: newLeader, least: 0.2, most: 0.7 },
  { name: 'leader hangs', fault: ({ leader }) => leader.pause(), until: newLeader, least: 9, most: 10.6 },
  { name: 'leader without power', fault: ({ leader }) => leader.powerOff(), until: newLeader, least: 9, most: 10.6 },
  {
    name: 'follower hangs',
    fault: ({ followers }) => followers[0]?.pause(),
    until: 'ensemble-follower-lost',
    least: 9,
    most: 10.1,
  },
  {
    name: 'both followers killed',
    fault: ({ followers }) => {
      for (const follower of followers) follower.kill();
    },
    until: gaveUp,
    least: 0,
    most: 2.1,
  },
  {
    name: 'both followers hang',
    fault: ({ followers }) => {
      for (const follower of followers) follower.pause();
    },
    until: gaveUp,
    least: 9,
    most: 12.1,
  },
  {
    name: 'deposed leader resumes',
    fault: ({ ensemble, leader }) => {
      leader.pause();
      ensemble.run(15_000);
      leader.resume();
    },
    until: synced,
    about: ({ leader }) => leader,
    least: 0,
    most: 2.2,
  },
  {
    name: 'killed server starts again',
    fault: ({ ensemble, followers }) => {
      followers[0]?.kill();
      ensemble.run(4000);
      ensemble.start(ensemble.servers.findIndex((server) => server === followers[0]) + 1);
    },
    until: synced,
    least: 0,
    most: 0.3,
  },
];

test.each(cases)('$name: $until after $least to $most s', ({ fault, until, about, least, most }) => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const { ensemble, ...nodes } = scene(seed);
    fault({ ensemble, ...nodes });
    const startUs = ensemble.world.nowUs;
    const subject = about?.({ ensemble, ...nodes }).name;
    ensemble.run(15_000);
    const end = ensemble
      .of(until)
      .find(({ atUs, values }) => atUs > startUs && (subject === undefined || values[0] === subject));
    const seconds = ((end?.atUs ?? Number.POSITIVE_INFINITY) - startUs) / 1_000_000;
    expect(seconds).toBeGreaterThanOrEqual(least);
    expect(seconds).toBeLessThanOrEqual(most);
  }
});
