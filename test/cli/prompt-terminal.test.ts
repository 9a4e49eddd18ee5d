/** The prompt alone, in a pseudo-terminal: what is typed, pasted, fed and given up, on one screen. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { expect, test } from 'vitest';
import { launch } from './pty.ts';

test('kzsim repl on a terminal', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kzsim-prompt-'));
  const history = join(folder, 'history');
  const tui = await launch(process.execPath, ['bin/kzsim.js', 'repl', '--topic', 'orders:3', '--timers', 'fast'], {
    cols: 80,
    rows: 24,
    env: { KZSIM_HISTORY: history },
  });
  try {
    await tui.waitFor('kzsim>');
    // What is watched is told above the line that is being typed.
    tui.write('watch orders-0.leader\rkill leader(orders-0)\rsta');
    await tui.waitFor(/orders-0\.leader is [23] \(was 1\)\nkzsim> sta/);
    tui.write('tus ');
    await tui.waitFor('status: health, nodes and partitions');
    // Ctrl-C empties a line, gives up a command, and never ends the session.
    tui.write('\u0003expect orders-0.leader == 1 within 60s\r');
    await tui.waitFor(/within 60s\nkzsim> $/m);
    tui.write('\u0003');
    await tui.waitFor('cancelled: expect orders-0.leader == 1 within 60s');
    tui.write('\u0003');
    await tui.waitFor('exit, or Ctrl-D, ends the session');
    // A producer reads lines until Ctrl-D.
    tui.write('kafka-console-producer --topic orders\r');
    await tui.waitFor(/^> $/m);
    tui.write('hello\r\u0004');
    await tui.waitFor(/^> hello\n>? ?\n?kzsim> $/m);
    // A pasted block runs line by line, each when the one before has ended.
    tui.write(
      '\u001b[200~kafka-console-producer --topic orders <<EOF\na b\nEOF\nkafka-get-offsets --topic orders | wc -l\nsay over\n\u001b[201~',
    );
    await tui.waitFor(/^3\nover$/m);
    // The newest line of history that begins so, taken by End; then one that is searched for.
    tui.write('kill\u001b[F');
    await tui.waitFor(/kzsim> kill leader\(orders-0\)$/m);
    tui.write('\u0003\u0012wat');
    await tui.waitFor('search "wat": watch orders-0.leader');
    tui.write('\u0007\u0004');
    expect(await tui.exited).toMatchObject({ exitCode: 0 });
    expect(readFileSync(history, 'utf8').split('\n')).toEqual(
      expect.arrayContaining(['watch orders-0.leader', 'kafka-console-producer --topic orders', 'say over']),
    );
    expect(readFileSync(history, 'utf8')).not.toContain('hello');
  } finally {
    tui.close();
    rmSync(folder, { recursive: true });
  }
});
