/** The prompt on a terminal: time runs on while one types, and whatever is said comes above the line. */
import process from 'node:process';
import type { LiveCluster } from '../../gateway/live-cluster.ts';
import type { Reply } from '../../tools/session.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { readKeys } from '../terminal/keys.ts';
import type { Output } from '../terminal/output.ts';
import { sized } from '../terminal/sized.ts';
import { suspendable } from '../terminal/suspend.ts';
import { readHistory, writeHistory } from './history.ts';
import { edit, emptyLine, type Key, withoutEntry } from './line-editor.ts';
import { liveCompleter } from './live-completer.ts';
import { drawnLine, ERASE } from './terminal-line.ts';
import { TypedLines } from './typed-lines.ts';

const ENDINGS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
/** Pastes come as such (bracketed paste). */
const PASTES_ON = '\u001b[?2004h';
const PASTES_OFF = '\u001b[?2004l';
const CLEAR = '\u001b[2J\u001b[H';

/** Resolves when the person leaves; the terminal is as before, whatever happens. */
export function promptOnTerminal(live: LiveCluster, output: Output): Promise<ExitCode> {
  const { stdin, stdout } = process;
  return new Promise((resolve, reject) => {
    let editor = emptyLine(readHistory());
    let over = false;
    const draw = (): void => {
      if (!over) stdout.write(drawnLine(editor, lines.label, stdout.columns || 80, output.paints));
    };
    const say = (texts: readonly string[], failed: boolean): void => {
      if (over) return;
      const shown = texts.map((text) => `${failed ? output.paints.red(text) : text}\n`).join('');
      stdout.write(ERASE + shown.replaceAll('\n', '\r\n'));
      draw();
    };
    const end = (finish: () => void): void => {
      if (over) return;
      over = true;
      following.stop();
      stopNotices();
      suspension.stop();
      stopKeys();
      stdout.write(`${ERASE}${PASTES_OFF}`);
      stdout.off('resize', draw);
      stdin.off('end', left);
      for (const signal of ENDINGS) process.off(signal, terminated);
      writeHistory(editor.history);
      finish();
    };
    const left = (): void => end(() => resolve(EXIT.passed));
    const terminated = (): void => end(() => resolve(EXIT.interrupted));
    const lines = new TypedLines({
      execute: (text, done) => void live.execute(sized(text, stdout.columns, process.env)).then(done),
      told(reply: Reply) {
        say(reply.lines, !reply.ok);
        if (reply.exit === true) left();
      },
    });
    const press = (key: Key): void => {
      if (key.ctrl && key.name === 'z') return suspension.suspend();
      const { reading, label } = lines;
      const before = editor;
      const [next, effect] = edit(before, key, liveCompleter(live));
      editor = reading && effect?.kind === 'submit' ? withoutEntry(next, before) : next;
      switch (effect?.kind) {
        case 'submit':
          stdout.write(`${ERASE}${output.paints.bold(label)}${effect.text}\r\n`);
          lines.enter(effect);
          break;
        case 'interrupt':
          stdout.write(`${ERASE}${label}^C\r\n`);
          if (!lines.interrupt()) say(['exit, or Ctrl-D, ends the session'], false);
          break;
        case 'eof':
          if (!lines.end()) return left();
          stdout.write(`${ERASE}\r\n`);
          break;
        case 'clear':
          stdout.write(CLEAR);
          break;
      }
      draw();
    };
    const begin = (): (() => void) => {
      stdout.write(PASTES_ON);
      return readKeys(stdin, press);
    };
    const following = live.follow({
      finished: () => false,
      onSlice() {},
      onEnd() {},
      onFailure: (thrown) => end(() => reject(thrown)),
    });
    const stopNotices = live.session.notices.listen((notice) => say(notice.lines, false));
    let stopKeys = begin();
    const suspension = suspendable({
      leave() {
        stopKeys();
        stdout.write(`${ERASE}${PASTES_OFF}`);
      },
      enter() {
        stopKeys = begin();
        draw();
      },
    });
    stdin.once('end', left);
    stdout.on('resize', draw);
    for (const signal of ENDINGS) process.once(signal, terminated);
    draw();
  });
}
