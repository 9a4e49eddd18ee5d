/** The prompt for a person whose terminal is not drawn on: `TERM=dumb`, `--plain`, an output that goes elsewhere. */
import process from 'node:process';
import { createInterface } from 'node:readline';
import type { LiveCluster } from '../../gateway/live-cluster.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Output } from '../terminal/output.ts';
import { sized } from '../terminal/sized.ts';
import { TypedLines } from './typed-lines.ts';

const ENDINGS = ['SIGTERM', 'SIGHUP'] as const;

export function promptInLines(live: LiveCluster, output: Output): Promise<ExitCode> {
  const { stdin, stdout, stderr } = process;
  return new Promise((resolve, reject) => {
    const input = createInterface({ input: stdin, terminal: false });
    // What was asked for may go to a file.
    const prompt = (): void => void (stdout.isTTY ? stdout : stderr).write(lines.label);
    let over = false;
    const end = (finish: () => void): void => {
      if (over) return;
      over = true;
      following.stop();
      stopNotices();
      process.off('SIGINT', interrupted);
      for (const signal of ENDINGS) process.off(signal, terminated);
      input.close();
      finish();
    };
    const interrupted = (): void => {
      stderr.write('\n');
      if (!lines.interrupt()) output.note('exit, or Ctrl-D, ends the session');
      prompt();
    };
    const terminated = (): void => end(() => resolve(EXIT.interrupted));
    const following = live.follow({
      finished: () => false,
      onSlice() {},
      onEnd() {},
      onFailure: (thrown) => end(() => reject(thrown)),
    });
    const stopNotices = live.session.notices.listen((notice) => {
      for (const text of notice.lines) output.line(text);
    });
    const lines = new TypedLines({
      execute: (text, done) => void live.execute(sized(text, stdout.columns, process.env)).then(done),
      told(reply) {
        if (over) return;
        for (const text of reply.lines) output.line(text);
        if (reply.exit === true) end(() => resolve(EXIT.passed));
        else prompt();
      },
    });
    input.on('line', (text) => {
      lines.enter({ kind: 'submit', line: text.trim(), text, pasted: false });
      if (lines.reading) prompt();
    });
    input.on('close', () => end(() => resolve(EXIT.passed)));
    process.on('SIGINT', interrupted);
    for (const signal of ENDINGS) process.once(signal, terminated);
    prompt();
  });
}
