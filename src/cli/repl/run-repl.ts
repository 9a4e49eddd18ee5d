import process from 'node:process';
import type { ClusterOptions } from '../../cluster/options.ts';
import { startLiveCluster } from '../../gateway/live-cluster.ts';
import type { Recorded } from '../../scenario/branches.ts';
import { readClusterOptions } from '../cluster-options.ts';
import type { ExitCode } from '../exit-codes.ts';
import { type Output, openOutput } from '../terminal/output.ts';
import { promptInLines } from './plain-prompt.ts';
import { runScript } from './run-script.ts';
import { newTimeline, ScriptHost } from './script-host.ts';
import { promptOnTerminal } from './terminal-prompt.ts';

export async function runRepl(options: Readonly<Record<string, unknown>>): Promise<ExitCode> {
  const cluster = await readClusterOptions(options);
  const output = openOutput(options);
  return prompt(
    { cluster, keepGoing: options.keepGoing === true, json: options.json === true, speed: options.speed as number },
    output,
  );
}

export interface PromptOptions {
  readonly cluster: ClusterOptions;
  /** A run that has been, to go along. */
  readonly recorded?: Recorded;
  readonly keepGoing: boolean;
  /** Of a script: each reply is an object. */
  readonly json: boolean;
  readonly speed: number;
}

/** The prompt of a cluster, for a person or a script. */
export async function prompt({ keepGoing, json, ...options }: PromptOptions, output: Output): Promise<ExitCode> {
  if (process.stdin.isTTY !== true)
    return runScript(new ScriptHost(newTimeline(options.cluster, options.recorded)), { keepGoing, json }, output);
  const live = await startLiveCluster({ ...options, listeners: [], mostPastBytes: Number.POSITIVE_INFINITY });
  try {
    if (!output.interactive) return await promptInLines(live, output);
    return await promptOnTerminal(live, output);
  } finally {
    await live.close();
  }
}
