/** The dashboard under a real pseudo-terminal. */
import { afterEach, describe, expect, test } from 'vitest';
import { launch, type Tui } from './pty.ts';

let tui: Tui | undefined;
afterEach(() => tui?.close());

async function start(args: readonly string[], size = { cols: 120, rows: 40 }): Promise<Tui> {
  tui = await launch(process.execPath, ['bin/kzsim.js', ...args], { ...size, env: { KZSIM_HISTORY: '/dev/null' } });
  await tui.waitFor('kzsim>');
  return tui;
}

describe('kzsim up on a terminal', () => {
  test('shows the cluster, takes a verb, and gives the terminal back on q', async () => {
    const up = await start(['up', '--no-listen', '--topic', 'orders:3']);
    expect(up.alt()).toBe(true);
    await up.waitFor(/● brokers online 3\/3 .*active controllers 1/);
    up.write('ki\tbroker-1\r');
    await up.waitFor('done: broker-1');
    await up.waitFor(/✗ broker-1 +stopped/);
    await up.waitFor(/✗ orders-0 .* offline/);
    up.write('q');
    expect((await up.exited).exitCode).toBe(0);
    expect(up.alt()).toBe(false);
    expect(up.raw()).toContain('\u001b[?25h');
  });

  test('Space pauses, + quickens, ? helps', async () => {
    const up = await start(['up', '--no-listen']);
    up.write(' ');
    await up.waitFor('PAUSED');
    up.write(' +');
    await up.waitFor(/ 2x /);
    up.write('?');
    await up.waitFor(/Space +pause time, let it go on/);
  });

  test('Left and Right step in time, and the picture follows', async () => {
    const up = await start(['up', '--no-listen', '--topic', 'orders:3']);
    up.write('kill broker-1\r');
    await up.waitFor(/✗ broker-1 +stopped/);
    up.write('\u001b[D');
    await up.waitFor(/in the past: main was at [0-9.]+s, paused/);
    await up.waitFor(/PAUSED {3}in the past of main/);
    up.write('time goto 0s\r');
    await up.waitFor(/broker-1 +running/);
    up.write('\u001b[C');
    await up.waitFor(/> time step\n[0-9.]+s, in the past/);
    up.write('time now\r');
    await up.waitFor(/✗ broker-1 +stopped/);
  });

  test('a partition is found with a filter, opened with Enter, asked about with w, left with Esc', async () => {
    const up = await start(['up', '--no-listen', '--topic', 'orders:100']);
    up.write('/orders-42');
    await up.waitFor(/filter partitions: orders-42 /);
    up.write('\r');
    await up.waitFor((screen) => / partitions .*\/orders-42 /.test(screen) && !screen.includes('orders-41'));
    up.write('\u001b[B\r');
    await up.waitFor(/── partitions › partition orders-42 .* Esc back/);
    await up.waitFor(/● broker-\d +leader .* LEO 0 +HW 0/);
    up.write('w');
    await up.waitFor('> why orders-42');
    up.write('\u001b');
    await up.waitFor(/── partitions .*\/orders-42/);
    up.write('\u001b');
    await up.waitFor(/── partitions /);
  });

  test('behind : every key is typed, also those that steer; not one is lost', async () => {
    const up = await start(['up', '--no-listen']);
    up.write(':wq? /+- [x]');
    await up.waitFor('kzsim> wq? /+- [x]');
    up.write('\u0015time\r');
    await up.waitFor('> time');
    up.write(' ');
    await up.waitFor('PAUSED');
  });

  test('without colour the selection is in reverse video; without Unicode all is ASCII', async () => {
    tui = await launch(process.execPath, ['bin/kzsim.js', 'up', '--no-listen', '--topic', 'orders:3', '--no-color'], {
      env: { KZSIM_HISTORY: '/dev/null', LC_ALL: 'C', NO_COLOR: '1' },
    });
    await tui.waitFor(/o brokers online 3\/3/);
    tui.resetRaw();
    tui.write('\u001b[B');
    await tui.waitFor(() => tui!.raw().includes('\u001b[7m'));
    expect(tui.screen().join('')).toMatch(/^[ -~]*$/);
    for (const colour of [31, 32, 33]) expect(tui.raw()).not.toContain(`\u001b[${colour}m`);
  });

  test('Ctrl-Z gives the terminal back, and fg takes it again', async () => {
    tui = await launch('/bin/bash', ['--norc', '-i'], { env: { KZSIM_HISTORY: '/dev/null', PS1: 'shell> ' } });
    await tui.waitFor('shell>');
    tui.write(`${process.execPath} bin/kzsim.js up --no-listen\r`);
    await tui.waitFor('kzsim>');
    tui.write('\u001a');
    await tui.waitFor('Stopped');
    expect(tui.alt()).toBe(false);
    tui.write('fg\r');
    await tui.waitFor((screen) => screen.startsWith('kzsim kraft') && screen.includes('kzsim>'));
    expect(tui.alt()).toBe(true);
    tui.write('q');
    await tui.waitFor(() => !tui!.alt());
  });

  test('Ctrl-C on an empty line ends with 130, SIGTERM and SIGHUP too; the screen is restored', async () => {
    const ups = await Promise.all(['one', 'two', 'three'].map((name) => start(['up', '--no-listen', '--name', name])));
    ups[0]!.write('\u0003');
    process.kill(ups[1]!.pid, 'SIGTERM');
    process.kill(ups[2]!.pid, 'SIGHUP');
    for (const up of ups) {
      expect((await up.exited).exitCode).toBe(130);
      expect(up.alt()).toBe(false);
      up.close();
    }
  });

  test('paints at most fifteen frames a second, and never the whole screen', async () => {
    const up = await start(['up', '--no-listen', '--topic', 'orders:3']);
    up.resetRaw();
    await new Promise((resolve) => setTimeout(resolve, 2000));
    const frames = up.raw().split('\u001b[?2026h').length - 1;
    expect(frames).toBeGreaterThan(2);
    expect(frames).toBeLessThanOrEqual(30);
    expect(up.raw()).not.toContain('\u001b[2J');
  });
});

test('a screen reader gets lines, and nothing is drawn anew', async () => {
  const env = { INK_SCREEN_READER: 'true', KZSIM_HISTORY: '/dev/null' };
  const args = ['bin/kzsim.js', 'up', '--no-listen', '--for', '1s', '--speed', 'max', '--name', 'reader'];
  tui = await launch(process.execPath, args, { env });
  expect((await tui.exited).exitCode).toBe(0);
  await tui.waitFor(/broker-3 +broker-serving|ready after/);
  for (const code of ['\u001b[?1049h', '\u001b[?2026h', '\u001b[2J']) expect(tui.raw()).not.toContain(code);
});

test('kzsim play on a terminal shows steps ticking, and leaves the verdict behind', async () => {
  const play = await start(['play', 'scenarios/leader-crash.yaml', '--mode', 'kraft', '--speed', 'max']);
  await play.waitFor(/✓ kill leader\(orders-0\)/);
  await play.waitFor(/ max +passed/);
  play.write('q');
  expect((await play.exited).exitCode).toBe(0);
  expect(play.screen().join('\n')).toMatch(/passed +Leader crash with acks=all/);
});

/** Loaded before kzsim: a signal has something go wrong there. */
const sabotage = (code: string): string =>
  `data:text/javascript,${encodeURIComponent(`process.on('SIGUSR2', () => setTimeout(() => { ${code} }))`)}`;
const MISHAPS = {
  // Nobody catches it.
  'a timer': `throw new Error('boom')`,
  'the world, or whoever follows it': `const { now } = performance; performance.now = () => { performance.now = now; throw new Error('boom') }`,
  rendering: `String.prototype.repeat = () => { throw new Error('boom') }`,
} as const;

describe('an internal error gives the terminal back, is told, and ends with 3:', () => {
  test.concurrent.each(Object.entries(MISHAPS))('%s', async (what, code) => {
    const args = [
      '--import',
      sabotage(code),
      'bin/kzsim.js',
      'up',
      '--no-listen',
      '--name',
      what.replaceAll(/\W/g, ''),
    ];
    const up = await launch(process.execPath, args, { env: { KZSIM_HISTORY: '/dev/null' } });
    await up.waitFor('kzsim>');
    process.kill(up.pid, 'SIGUSR2');
    expect((await up.exited).exitCode).toBe(3);
    const screen = await up.waitFor('error: internal error: boom');
    expect(screen).toContain('-v for the stack trace');
    expect(up.alt()).toBe(false);
    expect(up.raw()).toContain('\u001b[?25h');
    up.close();
  });
});
