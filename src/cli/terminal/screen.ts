import process from 'node:process';

export interface AlternateScreen {
  /** Gives the terminal back for a while. */
  leave(): void;
  enter(): void;
  /** Gives it back for good. Idempotent. */
  close(): void;
}

/** Takes the alternate screen, hides the cursor and lets no line wrap; gives all back however the process ends. */
export function openScreen(out: NodeJS.WriteStream): AlternateScreen {
  let shown = false;
  const enter = (): void => {
    if (shown) return;
    shown = true;
    out.write('\u001b[?1049h\u001b[2J\u001b[H\u001b[?25l\u001b[?7l\u001b[?2004h');
  };
  const leave = (): void => {
    if (!shown) return;
    shown = false;
    out.write('\u001b[?2004l\u001b[?7h\u001b[?1049l\u001b[?25h');
  };
  const close = (): void => {
    process.off('exit', close);
    leave();
  };
  process.on('exit', close);
  enter();
  return { leave, enter, close };
}
