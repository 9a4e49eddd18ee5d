import process from 'node:process';

/** What ends a command from outside; a terminal that closes hangs up. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Called once, when somebody ends the command. Returns the undoing. */
export function onInterrupt(listener: () => void): () => void {
  const once = (): void => {
    stop();
    listener();
  };
  const stop = (): void => {
    for (const signal of SIGNALS) process.off(signal, once);
  };
  for (const signal of SIGNALS) process.once(signal, once);
  return stop;
}
