/** Keeps what each client could do in `test/peers/results.json`, from which docs/compatibility.md is made. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reporter, TestCase, TestModule } from 'vitest/node';

export type Outcome = 'works' | 'fails' | `has none: ${string}`;

/** Client → mode → what was done → how it went. */
export type Results = Record<string, Record<string, Record<string, Outcome>>>;

export const RESULTS_FILE = join(import.meta.dirname, 'results.json');

export function readResults(): Results {
  return JSON.parse(readFileSync(RESULTS_FILE, 'utf8')) as Results;
}

function outcomeOf(test: TestCase): Outcome | undefined {
  const result = test.result();
  if (result.state === 'passed') return 'works';
  if (result.state === 'failed') return 'fails';
  return result.state === 'skipped' && result.note !== undefined ? `has none: ${result.note}` : undefined;
}

/** Sorted, so that a run that changes nothing leaves the file as it was. */
function sorted<Value>(record: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).sort(([left], [right]) => (left < right ? -1 : 1)));
}

export default class ResultsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const results = readResults();
    for (const module of modules) for (const test of module.children.allTests()) note(results, test);
    const all = Object.entries(results).map(([client, modes]) => [client, sorted(modes)] as const);
    writeFileSync(RESULTS_FILE, `${JSON.stringify(sorted(Object.fromEntries(all)), undefined, 2)}\n`);
  }
}

/** Suites are called `CLIENT, MODE`; what was left out by a filter stays as it was. */
function note(results: Results, test: TestCase): void {
  if (test.parent.type !== 'suite') return;
  const [, client, mode] = /^(.*), (kraft|zookeeper)$/.exec(test.parent.name) ?? [];
  const outcome = outcomeOf(test);
  if (client === undefined || mode === undefined || outcome === undefined) return;
  results[client] ??= {};
  results[client][mode] = { ...results[client][mode], [test.name]: outcome };
}
