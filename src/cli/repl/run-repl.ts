import process from 'node:process';
import { createInterface } from 'node:readline';
import type { ClusterOptions } from '../../cluster/options.ts';
import { startLiveCluster } from '../../gateway/live-cluster.ts';
import type { Recorded } from '../../scenario/branches.ts';
import { LineReader } from '../../tools/heredoc.ts';
import { readClusterOptions } from '../cluster-options.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { type Output, openOutput } from '../terminal/output.ts';
import { promptInLines } from './plain-prompt.ts';
import { newTimeline, ScriptHost } from './script-host.ts';
import { promptOnTerminal } from './terminal-prompt.ts';

export async function runRepl(options: Readonly<Record<string, unknown>>): Promise<ExitCode> {
  const cluster = await readClusterOptions(options);
  const output = openOutput(options);
  return prompt({ cluster, keepGoing: options.keepGoing === true, speed: options.speed as number }, output);
}

export interface PromptOptions {
  readonly cluster: ClusterOptions;
  /** A run that has been, to go along. */
  readonly recorded?: Recorded;
  readonly keepGoing: boolean;
  readonly speed: number;
}

/** The prompt of a cluster, for a person or a script. */
export async function prompt({ keepGoing, ...options }: PromptOptions, output: Output): Promise<ExitCode> {
  if (process.stdin.isTTY !== true)
    return script(new ScriptHost(newTimeline(options.cluster, options.recorded)), keepGoing, output);
  const live = await startLiveCluster({ ...options, listeners: [], mostPastBytes: Number.POSITIVE_INFINITY });
  try {
    if (!output.interactive) return await promptInLines(live, output);
    return await promptOnTerminal(live, output);
  } finally {
    await live.close();
  }
}

/** From a pipe: time passes only inside lines that wait, so that a script does the same each time. */
async function script(host: ScriptHost, keepGoing: boolean, output: Output): Promise<ExitCode> {
  let code: ExitCode = EXIT.passed;
  let number = 0;
  let from = 0;
  const reader = new LineReader();
  /** False: nothing more is to be read. */
  const tell = (line: string): boolean => {
    const reply = host.finish(line);
    for (const text of reply.lines) (reply.ok ? output.line : output.error)(reply.ok ? text : `line ${from}: ${text}`);
    if (!reply.ok) code = EXIT.failed;
    return reply.exit !== true && (reply.ok || keepGoing);
  };
  host.timeline.session.notices.listen(({ lines }) => {
    for (const text of lines) output.line(text);
  });
  for await (const line of createInterface({ input: process.stdin })) {
    number += 1;
    if (reader.feeding === undefined) from = number;
    const whole = reader.add(line);
    if (whole !== undefined && !tell(whole)) return code;
  }
  const unended = reader.end();
  if (unended !== undefined) tell(unended);
  return code;
}
