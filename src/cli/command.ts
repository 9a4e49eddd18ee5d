import type { Command } from 'commander';
import type { ExitCode } from './exit-codes.ts';

/**
 * A command of `kzsim`: one file in `commands/` and one line in its index. The file itself loads nothing heavy, so that
 * `--help` stays as quick as Node.js starts; what the command needs is imported when it runs.
 */
export interface CliCommand {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Lines to paste, each with a word on what it does. */
  readonly examples: readonly (readonly [line: string, does: string])[];
  /** Declares arguments and options. */
  declare(command: Command): void;
  run(given: Given): Promise<ExitCode>;
}

/** What was given to a command: its arguments, and its options by name. */
export interface Given {
  readonly args: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
}
