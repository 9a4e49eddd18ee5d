/**
 * The history of every scenario that comes with kzsim, as one hash a mode. A change of behaviour shows here, wanted or not; `npx vitest
 * run test/scenario/golden.test.ts -u` takes the new ones over.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { hostPorts } from '../../src/gateway/ports.ts';
import { ScenarioRun } from '../../src/scenario/player.ts';
import { readScenario } from '../../src/scenario/read.ts';
import { reportOf } from '../../src/scenario/report.ts';

const FOLDER = new URL('../../scenarios/', import.meta.url);
const FILES = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.yaml'))
  .sort();

const hashes: Record<string, Record<string, string>> = {};

const RUNS = FILES.map((file) => readScenario(file, readFileSync(new URL(file, FOLDER), 'utf8'))).flatMap((plan) =>
  plan.modes.map((mode) => ({ file: plan.file, mode, plan })),
);

test.each(RUNS)('$file passes in $mode mode', ({ file, mode, plan }) => {
  const run = new ScenarioRun(plan, { mode, seed: plan.seed, ports: hostPorts });
  run.finish();
  const { result, reason, traceHash } = reportOf(run, 0);
  expect({ result, reason }).toEqual({ result: 'passed', reason: null });
  hashes[file] = { ...hashes[file], [mode]: traceHash };
});

test('their traces are those that were taken down', async () => {
  expect(Object.keys(hashes)).toEqual(FILES);
  await expect(`${JSON.stringify(hashes, null, 2)}\n`).toMatchFileSnapshot('../golden/hashes.json');
});
