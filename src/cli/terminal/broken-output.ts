/** What becomes of a command whose output cannot be written any more. */
import process from 'node:process';
import { EXIT } from '../exit-codes.ts';

let closed = false;
const listeners = new Set<() => void>();

/** Whoever read standard output has enough, as `head -1`: nothing more is written, and the command comes to its end. */
export function outputClosed(): boolean {
  return closed;
}

/** Called when that happens. Returns the undoing. */
export function onOutputClosed(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** A reader that went away is no error; a disk that is full is one, and ends the process. */
export function watchOutput(): void {
  for (const [stream, name] of [
    [process.stdout, 'standard output'],
    [process.stderr, 'standard error'],
  ] as const)
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // The terminal is gone, and whoever sat there.
      if (error.code === 'EIO') process.exit(process.exitCode ?? EXIT.passed);
      if (error.code !== 'EPIPE') {
        if (stream !== process.stderr) process.stderr.write(`error: ${name} cannot be written (${error.code})\n`);
        process.exit(EXIT.couldNotRun);
      }
      if (stream !== process.stdout || closed) return;
      closed = true;
      for (const listener of [...listeners]) listener();
    });
}
