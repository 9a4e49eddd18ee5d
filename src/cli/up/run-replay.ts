import { JournalFileError } from '../../gateway/journal-file.ts';
import { type Replayed, readRecording, replay } from '../../gateway/replay.ts';
import { JournalError } from '../../scenario/journal-read.ts';
import { CouldNotRun, UsageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { seconds } from '../lines.ts';
import { TraceFile } from '../play/trace-file.ts';
import { type Output, openOutput } from '../terminal/output.ts';
import { VERSION } from '../version.ts';

/** Exit 1 where the run is another than the recorded one, 2 where the file is no recording. */
export function runReplay(file: string, options: Readonly<Record<string, unknown>>): ExitCode {
  const output = openOutput(options);
  const trace = options.trace === undefined ? undefined : TraceFile.open(options.trace as string);
  try {
    const replayed = replay(file, (cluster) => {
      if (trace !== undefined) cluster.trace.subscribe('all', trace.write);
    });
    if (options.json === true) output.line(JSON.stringify(asJson(file, replayed), null, 2));
    else summarise(file, replayed, output);
    return replayed.same === false ? EXIT.failed : EXIT.passed;
  } catch (thrown) {
    throw told(file, thrown);
  } finally {
    trace?.close();
  }
}

/** The prompt in the past of a recording, at its beginning. */
export async function runReplayPrompt(file: string, options: Readonly<Record<string, unknown>>): Promise<ExitCode> {
  const output = openOutput(options);
  const { header, recorded } = reading(file);
  const { prompt } = await import('../repl/run-repl.ts');
  const { keepGoing, speed } = options;
  return prompt(
    {
      cluster: header.options,
      recorded,
      keepGoing: keepGoing === true,
      json: options.json === true,
      speed: speed as number,
    },
    output,
  );
}

function reading(file: string): ReturnType<typeof readRecording> {
  try {
    return readRecording(file);
  } catch (thrown) {
    throw told(file, thrown);
  }
}

function told(file: string, thrown: unknown): unknown {
  if (thrown instanceof JournalError) return new UsageError(`${file}:${thrown.line}: ${thrown.message}`);
  return thrown instanceof JournalFileError ? new CouldNotRun(thrown.message) : thrown;
}

function asJson(file: string, replayed: Replayed): unknown {
  const { header, recorded, lastLine, violations, ...rest } = replayed;
  const { mode, seed, brokers } = header.options;
  return {
    file,
    kzsim: header.kzsim,
    mode,
    seed,
    brokers: brokers.length,
    ...rest,
    same: rest.same ?? null,
    recorded: recorded ?? null,
    truncatedAfterLine: recorded === undefined ? lastLine : null,
    violations: violations.map(({ invariant, atUs, event, message }) => ({ invariant, atUs, event, message })),
  };
}

const plural = (count: number, one: string): string =>
  `${count.toLocaleString('en')} ${one}${count === 1 ? '' : one.endsWith('s') ? 'es' : 's'}`;

function summarise(file: string, replayed: Replayed, output: Output): void {
  const { header, connections, frames, lines, untilUs, events, hash, violations, ledger } = replayed;
  const { mode, seed, brokers } = header.options;
  const { red, green, yellow } = output.paints;
  output.line(
    `${file}: ${plural(brokers.length, 'broker')}, ${mode} mode, seed ${seed}, recorded by kzsim ${header.kzsim}`,
  );
  output.line(
    `  ${plural(connections, 'connection')}, ${plural(frames, 'request')} and ${plural(lines, 'line')} in ${seconds(untilUs)}`,
  );
  output.line(`  ${plural(events, 'event')}, ${hash}`);
  const verdict = verdictOf(replayed);
  output.line(`  ${(replayed.same === true ? green : replayed.same === false ? red : yellow)(verdict)}`);
  for (const { invariant, message } of violations) output.line(`  ${red(`${invariant}: ${message}`)}`);
  if (ledger.sent > 0)
    output.line(`  ledger: ${ledger.sent} sent, ${ledger.acked} acknowledged, ${ledger.failed} failed`);
}

function verdictOf({ same, recorded, header, lastLine, events }: Replayed): string {
  const version = header.kzsim === VERSION ? '' : ` (this is kzsim ${VERSION}: another version may behave otherwise)`;
  if (recorded === undefined)
    return `the recording was cut off behind line ${lastLine}: it was replayed to there, and there is no hash to compare with`;
  if (recorded.kind === 'failure')
    return `the recorded run broke down with "${recorded.message}", and this one did not${version}`;
  if (same === true) return 'the same run: every event is as recorded';
  return `another run than the recorded one, which had ${plural(recorded.events, 'event')} and ${recorded.hash}${recorded.events === events ? '' : version}`;
}
