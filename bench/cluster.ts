import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { attachChecker } from '../src/checker/checker.ts';
import { Cluster } from '../src/cluster/cluster.ts';
import { brokersNumbered, defaultClusterOptions } from '../src/cluster/options.ts';
import { hostPorts } from '../src/gateway/ports.ts';
import { elapsedNs, type Figure } from './figure.ts';
import type { MemoryReport } from './memory.ts';

export const name = 'cluster';

const ROUNDS = 5;
const SECOND_US = 1_000_000;
/** Long enough for the compiler to have seen everything, and for the first elections to be over. */
const WARM_UP_US = 20 * SECOND_US;

interface Shape {
  readonly brokers: number;
  readonly partitions: number;
  readonly recordsPerSecond: number;
}

/** What a round cost: so much virtual time, so many of the kernel's events. */
interface Round {
  readonly virtualUs: number;
  readonly events: number;
  readonly elapsedNs: number;
}

export function run(): readonly Figure[] {
  return [...paces(), ...scaling(), ...memory(), startUp()];
}

/** A cluster as `play` has it: model, checker and ledger read its trace, which is hashed. */
function rounds({ brokers, partitions, recordsPerSecond }: Shape): (virtualUs: number) => Round {
  const topic = { name: 'orders', partitions, replicationFactor: 3, assignment: undefined, config: {} };
  const options = { ...defaultClusterOptions('kraft', 42), brokers: brokersNumbered(brokers), topics: [topic] };
  const cluster = new Cluster(options, hostPorts);
  const { world, trace } = cluster;
  const checker = attachChecker(trace, world);
  if (recordsPerSecond > 0) {
    const rate = { count: recordsPerSecond, perUs: SECOND_US };
    const role = { kind: 'produce', topic: topic.name, rate, keys: 1_000, valueSize: 100 } as const;
    cluster.addClient({ name: 'web', members: 1, start: true, config: { acks: 'all' }, role });
  }
  cluster.boot();
  cluster.startClients();
  world.runUntil(world.nowUs + WARM_UP_US);
  return (virtualUs) => {
    let events = 0;
    const elapsed = elapsedNs(() => {
      events = world.runSlice(world.nowUs + virtualUs, Number.POSITIVE_INFINITY);
    });
    const violation = checker.violations()[0];
    if (violation !== undefined) throw new Error(`${violation.invariant}: ${violation.message}`);
    return { virtualUs, events, elapsedNs: elapsed };
  };
}

/** The best of several rounds of each; they take turns, so that a busy machine harms all alike. */
function bestOf(
  measure: (round: Round) => number,
  ...candidates: readonly { readonly shape: Shape; readonly seconds: number }[]
): readonly number[] {
  const worlds = candidates.map(({ shape, seconds }) => ({ next: rounds(shape), seconds, best: 0 }));
  for (let round = 0; round < ROUNDS; round++)
    for (const world of worlds) world.best = Math.max(world.best, measure(world.next(world.seconds * SECOND_US)));
  return worlds.map(({ best }) => best);
}

function paces(): readonly Figure[] {
  const busy = { brokers: 3, partitions: 60, recordsPerSecond: 1_000 };
  const pace = (round: Round) => (round.virtualUs * 1_000) / round.elapsedNs;
  const [busyPace, idlePace] = bestOf(
    pace,
    { shape: busy, seconds: 15 },
    { shape: { ...busy, recordsPerSecond: 0 }, seconds: 3_600 },
  );
  return [
    { name: 'virtual ÷ wall time: 1,000 records/s', value: busyPace!, unit: 'times', floor: 50, goal: 250 },
    { name: 'virtual ÷ wall time: idle', value: idlePace!, unit: 'times', floor: 5_000, goal: 60_000 },
  ];
}

/** What an event costs must not depend on how much there is of everything else. */
function scaling(): readonly Figure[] {
  const perSecond = (round: Round) => (round.events * 1e9) / round.elapsedNs;
  const cost = (of: string, floor: number, goal: number, [small, large]: readonly number[]): Figure => ({
    name: `cost of an event: ${of}`,
    value: small! / large!,
    unit: 'ratio',
    floor,
    goal,
    less: true,
    note: `${Math.round(1e9 / small!)} ns and ${Math.round(1e9 / large!)} ns`,
  });
  const few = { brokers: 3, partitions: 60, recordsPerSecond: 1_000 };
  const brokers = bestOf(perSecond, { shape: few, seconds: 15 }, { shape: { ...few, brokers: 100 }, seconds: 5 });
  const narrow = { brokers: 3, partitions: 10, recordsPerSecond: 1_000 };
  const partitions = bestOf(
    perSecond,
    { shape: narrow, seconds: 15 },
    { shape: { ...narrow, partitions: 10_000 }, seconds: 15 },
  );
  return [cost('100 brokers ÷ 3', 1.3, 1.1, brokers), cost('10,000 partitions ÷ 10', 2, 1.5, partitions)];
}

/** Measured in processes of their own, which do nothing else. */
function memory(): readonly Figure[] {
  const few = memoryOf(10);
  const many = memoryOf(10_000);
  const figure = { less: true } as const;
  return [
    {
      ...figure,
      name: 'resident memory: three idle brokers',
      value: few.residentBytes / 1e6,
      unit: 'MB',
      floor: 120,
      goal: 80,
    },
    {
      ...figure,
      name: 'memory of an idle partition of RF 3',
      value: (many.residentBytes - few.residentBytes) / 9_990 / 1024,
      unit: 'KB',
      floor: 4,
      goal: 1,
      note: `${((many.liveBytes - few.liveBytes) / 9_990 / 1024).toFixed(1)} KB alive`,
    },
  ];
}

function memoryOf(partitions: number): MemoryReport {
  const script = fileURLToPath(new URL('memory.js', import.meta.url));
  const { stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', script, String(partitions)], {
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(`the memory of ${partitions} partitions was not measured: ${stderr}`);
  return JSON.parse(stdout);
}

function startUp(): Figure {
  const launcher = fileURLToPath(new URL('../../bin/kzsim.js', import.meta.url));
  if (!existsSync(launcher) || !existsSync(new URL('../kzsim.js', import.meta.url)))
    throw new Error('there is nothing to start: npm run build comes first');
  let bare = Number.POSITIVE_INFINITY;
  let help = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 10; round++) {
    bare = Math.min(
      bare,
      elapsedNs(() => void spawnSync(process.execPath, ['-e', '0'])),
    );
    help = Math.min(
      help,
      elapsedNs(() => void spawnSync(process.execPath, [launcher, '--help'])),
    );
  }
  return {
    name: 'kzsim --help ÷ node -e 0',
    value: help / bare,
    unit: 'ratio',
    floor: 2,
    goal: 1.2,
    less: true,
    note: `${Math.round(help / 1e6)} ms and ${Math.round(bare / 1e6)} ms`,
  };
}
