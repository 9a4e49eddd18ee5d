/** The entry of `kzsim`: reads the command line, runs one command, and turns whatever ends it into an exit code. */
import process from 'node:process';
import { CommanderError } from 'commander';
import { CouldNotRun, UsageError } from './errors.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { makeProgram } from './program.ts';
import { watchOutput } from './terminal/broken-output.ts';

// React looks at this when it loads; its development build is slower and leaks measurements.
process.env.NODE_ENV ??= 'production';

watchOutput();

/** What nobody caught is told when the terminal has been given back: whoever took it does that at the exit, and asked for it before. */
process.on('uncaughtException', (thrown) => {
  process.on('exit', () => explain(thrown));
  process.exit(EXIT.couldNotRun);
});

function explain(thrown: unknown): ExitCode {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 || thrown.code === 'commander.help' ? 0 : 2;
  const verbose = process.argv.includes('-v') || process.argv.includes('--verbose');
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (thrown instanceof UsageError) {
    process.stderr.write(`error: ${message}\n`);
    return EXIT.invalid;
  }
  const known = thrown instanceof CouldNotRun || (thrown instanceof Error && thrown.name === 'ClusterError');
  process.stderr.write(`error: ${known ? '' : 'internal error: '}${message}\n`);
  if (verbose && thrown instanceof Error) process.stderr.write(`${thrown.stack}\n`);
  else if (!known) process.stderr.write('Run it again with -v for the stack trace, and report it with that.\n');
  return EXIT.couldNotRun;
}

let code: ExitCode = EXIT.passed;
try {
  const program = makeProgram((ended) => {
    code = ended;
  });
  await program.parseAsync();
} catch (thrown) {
  code = explain(thrown);
}
process.exitCode = code;
