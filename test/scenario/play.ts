/** Plays a scenario that is written in a test. */

import type { Mode } from '../../src/cluster/options.ts';
import { hostPorts } from '../../src/gateway/ports.ts';
import { ScenarioRun } from '../../src/scenario/player.ts';
import { readScenario } from '../../src/scenario/read.ts';
import { type Report, reportOf } from '../../src/scenario/report.ts';

/** One broker and one controller with short timers: the smallest world in which steps can run. */
const TINY = `version: 1
name: tiny
modes: [kraft]
cluster: { brokers: 1, quorum: 1, timers: fast }
topics: { orders: { partitions: 1 } }
`;

export interface PlayOptions {
  readonly head?: string;
  readonly mode?: Mode;
  readonly seed?: number;
  readonly encode?: boolean;
}

export function start(body: string, options: PlayOptions = {}): ScenarioRun {
  const plan = readScenario('test.yaml', (options.head ?? TINY) + body);
  const { mode = 'kraft', seed = 1, encode = false } = options;
  return new ScenarioRun(plan, { mode, seed, encode, ports: hostPorts });
}

export function play(body: string, options: PlayOptions = {}): Report {
  const run = start(body, options);
  run.finish();
  return reportOf(run, 0);
}

/** `kill broker-1: done at 1000` for each step. */
export function stepsOf({ steps }: Report): readonly string[] {
  return steps.map(({ text, result, atMs }) => `${text}: ${result}${atMs === null ? '' : ` at ${atMs}`}`);
}
