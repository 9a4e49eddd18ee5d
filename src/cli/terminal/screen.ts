import process from 'node:process';

/** Takes the alternate screen and hides the cursor; gives both back however the process ends. Returns the giving back. */
export function openScreen(out: NodeJS.WriteStream): () => void {
  let open = true;
  out.write('\u001b[?1049h\u001b[2J\u001b[H\u001b[?25l\u001b[?2004h');
  const close = (): void => {
    if (!open) return;
    open = false;
    process.off('exit', close);
    out.write('\u001b[?2004l\u001b[?1049l\u001b[?25h');
  };
  process.on('exit', close);
  return close;
}
