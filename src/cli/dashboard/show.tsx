import process from 'node:process';
import { render } from 'ink';
import type { DriveHooks, Pace } from '../../gateway/pace.ts';
import type { Completer } from '../../tools/complete.ts';
import type { NoticeListener } from '../../tools/notices.ts';
import type { Reply } from '../../tools/session.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { readHistory, writeHistory } from '../repl/history.ts';
import type { Key } from '../repl/line-editor.ts';
import { FrameSink } from '../terminal/frame-sink.ts';
import { readKeys } from '../terminal/keys.ts';
import { openScreen } from '../terminal/screen.ts';
import { suspendable } from '../terminal/suspend.ts';
import { showsUnicode } from './ascii.ts';
import { pictureSize, Screen } from './screen.tsx';
import { DashboardStore } from './store.ts';
import { DashboardSubject, type Watched } from './subject.ts';

export interface Shown extends Watched {
  /** Hears of each cluster that takes the place of the one that is shown. */
  readonly onReplaced?: (listener: (next: Pick<Watched, 'cluster' | 'checker' | 'history'>) => void) => void;
  /** What its session says unasked. */
  readonly onNotice: (listener: NoticeListener) => () => void;
  /** Lets it run, and tells how it goes. */
  readonly drive: (hooks: DriveHooks) => Pace;
  readonly complete: Completer;
  readonly execute: (line: string, done: (reply: Reply) => void) => void;
  /** Whether it ends by itself now. */
  readonly over: () => boolean;
  readonly colour: boolean;
}

const SPEEDS: readonly number[] = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, Number.POSITIVE_INFINITY];
/** The picture of the cluster is read anew this often; keys are echoed at once. */
const PICTURE_MS = 1000 / 12;
const FRAMES_PER_SECOND = 30;
const ENDINGS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** Shows a cluster until somebody quits, or it is over. The terminal is as before afterwards, whatever happened. */
export function show(shown: Shown): Promise<ExitCode> {
  const { run } = shown;
  const screen = openScreen(process.stdout);
  const sink = new FrameSink(process.stdout, FRAMES_PER_SECOND);
  let subject = new DashboardSubject(shown);
  shown.onReplaced?.((next) => {
    subject = new DashboardSubject({ ...shown, ...next });
  });
  return new Promise((resolve, reject) => {
    let over = false;
    const end = (finish: () => void): void => {
      if (over) return;
      over = true;
      pace.stop();
      stopNotices();
      stopKeys();
      suspension.stop();
      app.unmount();
      sink.close();
      screen.close();
      // Not at once: Ink hears the same signals, and if nobody else does, it ends the process by them.
      setImmediate(() => {
        for (const signal of ENDINGS) process.off(signal, terminated);
      });
      writeHistory(store.input.editor.history);
      finish();
    };
    const terminated = (): void => end(() => resolve(EXIT.interrupted));
    const pace = shown.drive({
      finished: () => run?.finished === true || shown.over(),
      onSlice: () => refresh(false),
      // A scenario's last picture stays until somebody quits; `--for` and `kzsim down` end by themselves.
      onEnd: () => (run === undefined ? end(() => resolve(EXIT.passed)) : refresh(true)),
      onFailure: (thrown) => end(() => reject(thrown)),
    });
    const store = new DashboardStore(
      {
        view: () => subject.view(pace),
        page: (key, columns) => subject.page(key, columns),
        size: () => pictureSize(store, sink),
        screen: () => sink,
        execute: shown.execute,
        complete: shown.complete,
        togglePause() {
          pace.paused = !pace.paused;
        },
        changeSpeed(step) {
          const at = SPEEDS.findIndex((speed) => speed >= pace.speed);
          pace.speed = SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, at + step))]!;
        },
        suspend: () => suspension.suspend(),
        quit: (interrupted) => setImmediate(() => end(() => resolve(interrupted ? EXIT.interrupted : EXIT.passed))),
      },
      readHistory(),
    );
    const stopNotices = shown.onNotice(({ lines }) => store.tell(lines));
    let pictureMs = 0;
    const refresh = (now: boolean): void => {
      if (over || (!now && performance.now() - pictureMs < PICTURE_MS)) return;
      pictureMs = performance.now();
      store.refresh();
    };
    const look = { colour: shown.colour, ascii: !showsUnicode(process.env) };
    // Before the first picture: whoever sees it may end this.
    for (const signal of ENDINGS) process.on(signal, terminated);
    // Ink asks a stream for these members only; FrameSink has them.
    const stdout = sink as unknown as NodeJS.WriteStream;
    const app = render(<Screen store={store} look={look} size={() => sink} />, {
      stdout,
      debug: true,
      exitOnCtrlC: false,
      patchConsole: false,
    });
    app.waitUntilExit().catch((thrown) => end(() => reject(thrown)));
    sink.on('resize', () => refresh(true));
    const pressed = (key: Key): void => {
      try {
        sink.hurry();
        store.press(key);
      } catch (thrown) {
        end(() => reject(thrown));
      }
    };
    let stopKeys = readKeys(process.stdin, pressed);
    const suspension = suspendable({
      leave() {
        sink.pause();
        stopKeys();
        screen.leave();
      },
      enter() {
        screen.enter();
        stopKeys = readKeys(process.stdin, pressed);
        sink.resume();
        refresh(true);
      },
    });
  });
}
