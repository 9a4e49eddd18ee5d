/** From what a program asks for to a cluster's options: the same words and the same checks as in a scenario file. */

import { parseSize } from '../cluster/units.ts';
import { ScenarioError } from '../scenario/diagnostics.ts';
import type { Plan } from '../scenario/plan.ts';
import { readScenario } from '../scenario/read.ts';
import type { StartOptions } from './api.ts';
import { ClusterOptionsError } from './errors.ts';

const OWN: ReadonlySet<string> = new Set(['mode', 'seed', 'topics', 'clients', 'listen', 'speed', 'partitionMemory']);

const DEFAULT_MEMORY = '64MiB';
const SMALLEST_MEMORY = 1 << 20;

/** In bytes; null: without bound. Throws `ClusterOptionsError`. */
export function readMemory(text: string = DEFAULT_MEMORY): number | null {
  if (text === 'none') return null;
  const bytes = parseSize(text);
  if (bytes !== undefined && bytes >= SMALLEST_MEMORY) return bytes;
  throw new ClusterOptionsError(
    `partitionMemory: "${text}" is not a size from 1MiB, such as ${DEFAULT_MEMORY}, or none`,
  );
}

/** Throws `ClusterOptionsError` with everything that is wrong. */
export function readOptions(options: StartOptions): Plan {
  const cluster = Object.fromEntries(Object.entries(options).filter(([name]) => !OWN.has(name)));
  const scenario = {
    version: 1,
    name: 'startCluster',
    modes: [options.mode ?? 'kraft'],
    seed: options.seed ?? 1,
    cluster,
    topics: options.topics ?? {},
    clients: options.clients ?? {},
  };
  try {
    // JSON is YAML: a mistake is pointed at in the options as they were given.
    return readScenario('startCluster', JSON.stringify(scenario, null, 2));
  } catch (thrown) {
    if (!(thrown instanceof ScenarioError)) throw thrown;
    const problems = thrown.diagnostics.map(({ message, hint, text }) => {
      return `  ${message}${hint === undefined ? '' : ` - ${hint}`}  (${text.trim().replace(/,$/, '')})`;
    });
    throw new ClusterOptionsError(`these options say no cluster:\n${problems.join('\n')}`);
  }
}
