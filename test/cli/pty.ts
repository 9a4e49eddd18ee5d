import pty from '@lydell/node-pty';
import xterm from '@xterm/headless';

/** A process may end before what it wrote last has been read. */
const LAST_WORDS_MS = 100;

export type Tui = Awaited<ReturnType<typeof launch>>;
/** Runs a command under a real pty and keeps an emulated screen of it. */
export async function launch(
  file: string,
  args: string[],
  { cols = 120, rows = 40, env = {} }: { cols?: number; rows?: number; env?: Record<string, string> } = {},
) {
  const term = new xterm.Terminal({ cols, rows, allowProposedApi: true, scrollback: 1000 });
  const clean: Record<string, string> = {};
  for (const [k, v] of Object.entries(process.env))
    if (
      v !== undefined &&
      k !== 'CI' &&
      !k.startsWith('CI_') &&
      k !== 'CONTINUOUS_INTEGRATION' &&
      k !== 'NODE_OPTIONS' &&
      !k.startsWith('VITEST') &&
      k !== 'NODE_ENV'
    )
      clean[k] = v;
  const p = pty.spawn(file, args, {
    cols,
    rows,
    name: 'xterm-256color',
    cwd: process.cwd(),
    env: { ...clean, TERM: 'xterm-256color', COLORTERM: 'truecolor', ...env },
  });
  let raw = '';
  let exit: { exitCode: number; signal?: number | undefined } | undefined;
  let pending = Promise.resolve();
  let frameSeen: ((screen: readonly string[], frame: string) => void) | undefined;
  let frame = '';
  p.onData((d) => {
    raw += d;
    // A terminal shows a synchronized update when it has ended, whatever pieces it came in.
    for (const piece of d.split(/(?<=\?2026l)/)) {
      const ends = piece.endsWith('?2026l');
      pending = new Promise((r) =>
        term.write(piece, () => {
          frame += piece;
          if (ends) {
            frameSeen?.(screen(), frame);
            frame = '';
          }
          r();
        }),
      );
    }
  });
  term.onData((d) => p.write(d)); // answers to terminal queries (DA, CPR)
  const exited = new Promise<{ exitCode: number; signal?: number | undefined }>((r) =>
    p.onExit((e) => {
      exit = e;
      setTimeout(() => term.write('', () => r(e)), LAST_WORDS_MS);
    }),
  );
  const screen = () => {
    const b = term.buffer.active;
    return Array.from({ length: term.rows }, (_, i) => b.getLine(b.viewportY + i)?.translateToString(true) ?? '');
  };
  const waitFor = async (what: string | RegExp | ((s: string) => boolean), ms = 30_000) => {
    const t = Date.now();
    for (;;) {
      await pending;
      const s = screen().join('\n');
      if (typeof what === 'function' ? what(s) : typeof what === 'string' ? s.includes(what) : what.test(s)) return s;
      if (Date.now() - t > ms || (exit && Date.now() - t > 500))
        throw new Error(
          `timed out waiting for ${what} (exit ${JSON.stringify(exit)})\n--- screen ---\n${s}\n--- raw tail ---\n${JSON.stringify(raw.slice(-600))}`,
        );
      await new Promise((r) => setTimeout(r, 15));
    }
  };
  return {
    term,
    screen,
    onFrame: (seen: (screen: readonly string[], frame: string) => void) => {
      frameSeen = seen;
    },
    waitFor,
    exited,
    raw: () => raw,
    resetRaw: () => {
      raw = '';
    },
    write: (s: string) => p.write(s),
    pid: p.pid,
    resize: (c: number, r: number) => {
      term.resize(c, r);
      p.resize(c, r);
    },
    kill: (sig?: string) => p.kill(sig),
    alt: () => term.buffer.active.type === 'alternate',
    close: () => {
      try {
        p.kill('SIGKILL');
      } catch {}
      term.dispose();
    },
  };
}
