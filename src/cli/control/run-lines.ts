/** `kzsim ctl`: lines for the prompt of a running cluster, from the command line or from a pipe. */
import process from 'node:process';
import { createInterface } from 'node:readline';
import { lineWithFiles } from '../../gateway/tool-files.ts';
import { waitsForLines } from '../../tools/fed-tools.ts';
import { fedWith, LineReader } from '../../tools/heredoc.ts';
import { UsageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { onInterrupt } from '../terminal/endings.ts';
import { openOutput } from '../terminal/output.ts';
import { runControl } from './run-control.ts';

type Options = Readonly<Record<string, unknown>>;

/** One line. A tool that reads lines is fed with what is piped in, as the real one is. */
export async function runLine(line: string, options: Options): Promise<ExitCode> {
  const fed = waitsForLines(line) && process.stdin.isTTY !== true;
  return cancellable(fed ? fedWith(line, await pipedLines()) : line, options);
}

/** What is piped in, a line after the other; without `--keep-going` up to the first that fails. Throws `UsageError` where nobody pipes. */
export async function runPiped(options: Options): Promise<ExitCode> {
  if (process.stdin.isTTY === true)
    throw new UsageError('ctl takes a line for the prompt (kzsim ctl status), or lines that are piped into it');
  const reader = new LineReader();
  let code: ExitCode = EXIT.passed;
  const run = async (text: string | undefined): Promise<boolean> => {
    if (text === undefined || /^\s*(#|$)/.test(text)) return true;
    const ended = await fromHere(text, options);
    if (ended !== EXIT.passed) code = ended;
    return ended === EXIT.passed || (ended === EXIT.failed && options.keepGoing === true);
  };
  for await (const line of createInterface({ input: process.stdin })) if (!(await run(reader.add(line)))) return code;
  await run(reader.end());
  return code;
}

/** Files are those of whoever asks, not of the cluster's process. */
async function fromHere(text: string, options: Options): Promise<ExitCode> {
  const read = lineWithFiles(text);
  if ('line' in read) return cancellable(read.line, options);
  for (const line of read.refused.lines) openOutput(options).error(line);
  return EXIT.failed;
}

async function pipedLines(): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: process.stdin })) lines.push(line);
  return lines;
}

/** Ctrl-C gives up the line in the cluster, too: an `expect` that waits there waits for nobody. */
function cancellable(line: string, options: Options): Promise<ExitCode> {
  return new Promise((resolve, reject) => {
    const stop = onInterrupt(() => {
      const over = (): void => resolve(EXIT.interrupted);
      void runControl({ do: 'run', line: 'cancel' }, { ...options, json: false, quiet: true }).then(over, over);
    });
    runControl({ do: 'run', line }, options).then(resolve, reject).finally(stop);
  });
}
