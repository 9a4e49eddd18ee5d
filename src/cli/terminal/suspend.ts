import process from 'node:process';

/** The shell has taken the terminal for this long, at the least, when the process is let go on again. */
const BACK_MS = 40;

export interface Suspension {
  /** Goes to the background, as if Ctrl-Z had been typed at a program that does not take keys. */
  suspend(): void;
  stop(): void;
}

/**
 * Gives the terminal back before a stop (SIGTSTP), and takes it again when `fg` lets the process go on. The whole process group
 * stops, as with a key: a shell waits for the first of the group, which may be `npx`.
 */
export function suspendable({ leave, enter }: { readonly leave: () => void; readonly enter: () => void }): Suspension {
  let away: NodeJS.Timeout | undefined;
  const comeBack = (): void => {
    if (away === undefined) return;
    clearTimeout(away);
    away = undefined;
    process.on('SIGTSTP', suspend);
    enter();
  };
  const suspend = (): void => {
    if (away !== undefined || process.platform === 'win32') return;
    leave();
    process.off('SIGTSTP', suspend);
    // Runs when the process does again, at once if there is no shell that could stop it.
    away = setTimeout(comeBack, BACK_MS);
    process.kill(0, 'SIGTSTP');
  };
  if (process.platform !== 'win32') process.on('SIGTSTP', suspend);
  return {
    suspend,
    stop() {
      clearTimeout(away);
      process.off('SIGTSTP', suspend);
    },
  };
}
