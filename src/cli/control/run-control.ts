/** The commands that speak to a cluster which another process keeps running. */
import { ask, chooseCluster, NoCluster } from '../../gateway/control/client.ts';
import type { ControlAnswer, ControlRequest } from '../../gateway/control/messages.ts';
import { CouldNotRun } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { openOutput } from '../terminal/output.ts';

type Options = Readonly<Record<string, unknown>>;

/** Asks the cluster that the options mean, prints its answer, and ends as it says. */
export async function runControl(request: ControlRequest, options: Options): Promise<ExitCode> {
  const output = openOutput(options);
  const answer = await answerOf(request, options);
  if (options.json === true) output.line(JSON.stringify(answer.data ?? { ok: answer.ok, lines: answer.lines }));
  else for (const line of answer.lines) (answer.ok || request.do !== 'run' ? output.line : output.error)(line);
  return answer.ok ? EXIT.passed : EXIT.failed;
}

async function answerOf(request: ControlRequest, options: Options): Promise<ControlAnswer> {
  try {
    return await ask(await chooseCluster(options.name as string | undefined), request);
  } catch (thrown) {
    if (thrown instanceof NoCluster) throw new CouldNotRun(thrown.message);
    throw thrown;
  }
}

/** Words of a shell as one line of the prompt: what the shell's quotes held together stays together. */
export function promptLine(words: readonly string[]): string {
  if (words.length === 1) return words[0]!;
  return words
    .map((word) => (/[\s"]/.test(word) && !/^--?\w/.test(word) ? `"${word.replaceAll('"', '\\"')}"` : word))
    .join(' ');
}
