/** What a terminal shows of the dashboard while everything happens at once: whole screens, and every key. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { launch, type Tui } from './pty.ts';

const folder = mkdtempSync(join(tmpdir(), 'kzsim-screen-'));
let tui: Tui | undefined;
afterEach(() => {
  tui?.close();
  rmSync(folder, { recursive: true, force: true });
});

const SIZES = [
  [60, 20],
  [250, 70],
  [80, 24],
  [40, 15],
  [100, 30],
  [120, 40],
] as const;

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789.:=-_';
const TYPED = `# ${Array.from({ length: 498 }, (_, index) => LETTERS[(index * 7) % LETTERS.length]).join('')}`;

/** What is wrong with a screen; undefined: nothing. */
function flaw(screen: readonly string[], columns: number, rows: number): string | undefined {
  if (screen.length !== rows) return `${screen.length} rows`;
  if (!screen[0]!.startsWith('kzsim ')) return 'the first line is not the header';
  if (!screen[rows - 2]!.startsWith('kzsim> ')) return 'the prompt is not in its place';
  if (screen.filter((line) => line.startsWith('kzsim> ')).length !== 1) return 'more than one prompt';
  if (!screen.some((line) => line.startsWith('── '))) return 'no panel';
  for (const line of screen) {
    // Columns side by side have a border each.
    const rules = [...line.matchAll(/── [^─]+ ─*(?:[^─]+ ──)?/g)].map((rule) =>
      columnsOf(line.slice(0, rule.index + rule[0].trimEnd().length)),
    );
    const ends = columns >= 100 && rows >= 28 ? [Math.floor((columns - 1) / 2), columns] : [columns];
    const short = rules.find((end) => !ends.includes(end));
    if (short !== undefined) return `a border ends at ${short}: ${line}`;
  }
  return undefined;
}

/** The emulated terminal gives a wide character two cells, the second of which it leaves out of the text. */
const columnsOf = (line: string): number =>
  [...line].reduce(
    (sum, character) => sum + (/[\u1100-\u115f\u2e80-\u9fff\uac00-\ud7a3\uff00-\uff60]/.test(character) ? 2 : 1),
    0,
  );

test('every frame is whole, whatever happens and however large the terminal is; no key is lost', async () => {
  const history = join(folder, 'history');
  const args = ['bin/kzsim.js', 'up', '--no-listen', '--topic', 'orders:100', '--timers', 'fast'];
  tui = await launch(process.execPath, args, { env: { KZSIM_HISTORY: history } });
  const up = tui;
  await up.waitFor('kzsim>');
  let [columns, rows]: readonly [number, number] = [120, 40];
  let settled = true;
  let frames = 0;
  const flaws: string[] = [];
  up.onFrame((screen, frame) => {
    // Until it has heard of its new size, a frame is of the old one: the first of the new one clears all.
    settled ||= frame.includes('\u001b[2J');
    if (!settled) return;
    frames += 1;
    const found = flaw(screen, columns, rows);
    if (found !== undefined && flaws.length < 3) flaws.push(`${columns}×${rows}: ${found}\n${screen.join('\n')}`);
  });
  up.write(
    'addClient web --produce orders --rate 1000/s\raddClient reader --consume orders --group 消費者たち --members 2\r',
  );
  await up.waitFor(/reader\[0\]/);
  up.write('kill broker-1\r');
  let sent = 0;
  for (const size of SIZES) {
    [columns, rows] = size;
    settled = false;
    up.resize(columns, rows);
    for (let piece = 0; piece < 20; piece++) {
      const next = Math.min(TYPED.length, sent + 1 + ((piece * 5) % 9));
      up.write(TYPED.slice(sent, next));
      sent = next;
      await new Promise((resolve) => setTimeout(resolve, (piece * 11) % 23));
    }
    await up.waitFor(() => settled);
  }
  up.write(`${TYPED.slice(sent)}\r`);
  await up.waitFor((screen) => /> # |kzsim> +\n/.test(screen));
  up.write('q');
  await up.exited;
  expect(flaws).toEqual([]);
  expect(frames).toBeGreaterThanOrEqual(SIZES.length);
  expect(readFileSync(history, 'utf8')).toContain(TYPED);
});
