import process from 'node:process';
import { outputClosed } from './broken-output.ts';
import { type Paints, paints, wantsColour } from './paint.ts';

/** Where a command writes: data on standard output, notes on standard error. */
export interface Output {
  readonly paints: Paints;
  readonly errorPaints: Paints;
  readonly quiet: boolean;
  readonly verbose: boolean;
  line(text: string): void;
  /** A remark for the person; `-q` silences it. */
  note(text: string): void;
  error(text: string): void;
  /** A person sits there, and wants a screen that is drawn anew. */
  readonly interactive: boolean;
}

export function openOutput(options: Readonly<Record<string, unknown>>): Output {
  const off = options.color === false || options.plain === true;
  const quiet = options.quiet === true;
  return {
    paints: paints(wantsColour(process.stdout, process.env, off)),
    errorPaints: paints(wantsColour(process.stderr, process.env, off)),
    quiet,
    verbose: options.verbose === true,
    line(text) {
      if (!outputClosed()) process.stdout.write(`${text}\n`);
    },
    note(text) {
      if (!quiet) process.stderr.write(`${text}\n`);
    },
    error: (text) => void process.stderr.write(`${text}\n`),
    interactive:
      process.stdout.isTTY === true &&
      process.stdin.isTTY === true &&
      options.plain !== true &&
      options.json !== true &&
      options.quiet !== true &&
      process.env.TERM !== 'dumb' &&
      // What redraws is read out anew each time.
      process.env.INK_SCREEN_READER !== 'true' &&
      (process.env.CI ?? '') === '',
  };
}
