import process from 'node:process';
import { createInterface } from 'node:readline';
import type { ClusterOptions } from '../../cluster/options.ts';
import { type LiveCluster, startLiveCluster } from '../../gateway/live-cluster.ts';
import type { Recorded } from '../../scenario/branches.ts';
import { type Completer, completer } from '../../tools/complete.ts';
import { readClusterOptions } from '../cluster-options.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { type Output, openOutput } from '../terminal/output.ts';
import { newTimeline, ScriptHost } from './script-host.ts';

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
  if (process.stdin.isTTY !== true || process.stdout.isTTY !== true)
    return script(new ScriptHost(newTimeline(options.cluster, options.recorded)), keepGoing, output);
  const live = await startLiveCluster({ ...options, listeners: [], mostPastBytes: Number.POSITIVE_INFINITY });
  try {
    return await typed(live, output);
  } finally {
    await live.close();
  }
}

/** From a pipe: time passes only inside lines that wait, so that a script does the same each time. */
async function script(host: ScriptHost, keepGoing: boolean, output: Output): Promise<ExitCode> {
  let code: ExitCode = EXIT.passed;
  let number = 0;
  host.timeline.session.notices.listen(({ lines }) => {
    for (const text of lines) output.line(text);
  });
  for await (const line of createInterface({ input: process.stdin })) {
    number += 1;
    const reply = host.finish(line);
    for (const text of reply.lines)
      (reply.ok ? output.line : output.error)(reply.ok ? text : `line ${number}: ${text}`);
    if (reply.exit === true) break;
    if (reply.ok) continue;
    code = EXIT.failed;
    if (!keepGoing) break;
  }
  return code;
}

/** On a terminal time runs on while one types; a line that waits leaves the prompt free. */
function typed(live: LiveCluster, output: Output): Promise<ExitCode> {
  return new Promise((resolve, reject) => {
    const following = live.follow({ finished: () => false, onSlice() {}, onEnd() {}, onFailure: reject });
    const complete: Completer = (text, cursor) => completer(live.cluster.catalog)(text, cursor);
    const lines = createInterface({
      input: process.stdin,
      output: process.stdout,
      prompt: 'kzsim> ',
      removeHistoryDuplicates: true,
      completer(line: string): [string[], string] {
        const { start, items } = complete(line, line.length);
        return [[...items], line.slice(start)];
      },
    });
    live.session.notices.listen((notice) => {
      process.stdout.write('\r\u001b[K');
      for (const text of notice.lines) output.line(text);
      lines.prompt(true);
    });
    lines.on(
      'line',
      (line) =>
        void live.execute(line).then((reply) => {
          for (const text of reply.lines) output.line(reply.ok ? text : output.paints.red(text));
          if (reply.exit === true) lines.close();
          else lines.prompt();
        }),
    );
    // Ctrl-C gives up a line, not the session.
    lines.on('SIGINT', () => {
      output.line('');
      lines.prompt();
    });
    lines.on('close', () => {
      following.stop();
      resolve(EXIT.passed);
    });
    lines.prompt();
  });
}
