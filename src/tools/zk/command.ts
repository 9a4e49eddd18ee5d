/**
 * What a command of zkCli is here. One file a command in `commands/` and one line in `index.ts`: usage, help, completion and the page in
 * `docs/` come from it. It asks the ensemble through the session of the shell, and prints what the real one prints.
 */
import type { Steps } from '../kafka/steps.ts';
import type { Operands } from './operands.ts';
import type { ZkShell } from './shell.ts';

export interface ZkOption {
  /** Without its dash. */
  readonly name: string;
  /** What stands behind it; left out: nothing does. */
  readonly value?: string;
  readonly completes?: readonly string[];
  readonly about: string;
}

export interface ZkCommand {
  readonly name: string;
  /** What zkCli's own usage has behind the name. */
  readonly usage: string;
  readonly about: string;
  readonly options?: readonly ZkOption[];
  /** Options of which one at most may be given. */
  readonly exclusive?: readonly string[];
  /** So many words have to stand behind the name; with fewer, the usage is the answer. */
  readonly least?: number;
  /** No more may stand there than this. */
  readonly most?: number;
  /** What its first word is, for completion. */
  readonly completes?: 'path' | 'server' | readonly string[];
  /** It does something without a session, too. */
  readonly offline?: true;
  readonly examples: readonly string[];
  /** What differs from the real one. */
  readonly differs?: string;
  /** Throws `CliError` for what the real one would end with an error for. Undefined: it is done at once. */
  run(call: ZkCall): Steps<void> | undefined;
}

/** One line at work. */
export interface ZkCall {
  readonly command: ZkCommand;
  readonly shell: ZkShell;
  readonly args: Operands;
  print(...lines: readonly string[]): void;
  /** It goes on to its end, but has not done all that was asked. */
  spoil(): void;
  /** Runs another line in this one's place. */
  again(line: string): Steps<void>;
}

/** `ls [-s] [-w] [-R] path`. */
export function usageOf({ name, usage }: ZkCommand): string {
  return `${name} ${usage}`;
}

/** What `help` shows of it. */
export function commandHelp(command: ZkCommand): readonly string[] {
  const { about, options = [], differs, examples } = command;
  return [
    `zk ${usageOf(command)}`.trimEnd(),
    `${about.charAt(0).toUpperCase()}${about.slice(1)}.`,
    ...(differs === undefined ? [] : [differs]),
    ...options.map((option) => `  ${writtenOption(option).padEnd(20)} ${option.about}`),
    ...examples.map((example) => `  zk ${example}`),
  ];
}

export function writtenOption({ name, value }: ZkOption): string {
  return value === undefined ? `-${name}` : `-${name} ${value}`;
}
