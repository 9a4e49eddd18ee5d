/** The dashboard as text, at three sizes, from a view made by hand. */
import { stripVTControlCharacters } from 'node:util';
import { renderToString } from 'ink';
import { describe, expect, test } from 'vitest';
import { type Page, paint, selectable } from '../../src/cli/dashboard/layout.ts';
import { Lines, type Look } from '../../src/cli/dashboard/lines-view.tsx';
import { PANELS } from '../../src/cli/dashboard/panels/index.ts';
import { partitions } from '../../src/cli/dashboard/panels/partitions.ts';
import { keysOf, type Line, width } from '../../src/cli/dashboard/text.ts';
import { firstUi, moved, selectedOf } from '../../src/cli/dashboard/ui.ts';
import type { DashboardView } from '../../src/tools/view.ts';
import { empty, partition, view, zookeeper } from './dashboard-view.ts';

const SIZES = [
  { columns: 120, rows: 38 },
  { columns: 80, rows: 22 },
  { columns: 60, rows: 18 },
] as const;
const PLAIN: Look = { colour: false, ascii: false };
const noPage: Page = () => undefined;
const texts = (lines: readonly Line[]): readonly string[] =>
  lines.map((line) =>
    line
      .map(({ text }) => text)
      .join('')
      .trimEnd(),
  );

describe('the dashboard', () => {
  test.each(SIZES)('at $columns×$rows', (size) => {
    const lines = paint(view, firstUi('partitions'), size, noPage);
    const text = renderToString(<Lines lines={lines} look={PLAIN} />, { columns: size.columns });
    expect(stripVTControlCharacters(text)).toMatchSnapshot();
  });

  test('has exactly the size that it was given, whichever panel has the focus', () => {
    for (const size of [...SIZES, { columns: 250, rows: 68 }, { columns: 100, rows: 24 }])
      for (const { name } of PANELS) {
        const lines = paint(view, firstUi(name), size, noPage);
        expect(lines).toHaveLength(size.rows);
        for (const line of lines) expect(width(line)).toBe(size.columns);
      }
  });

  test('every panel can be reached in the smallest size', () => {
    for (const { name } of PANELS)
      expect(texts(paint(view, firstUi(name), SIZES[2], noPage)).join('\n')).toContain(` ${name} `);
  });

  test.each(SIZES)('each panel by itself, $columns wide', ({ columns }) => {
    for (const panel of PANELS)
      expect(texts(panel.lines(view, { columns, rows: 20, filter: '' })).join('\n')).toMatchSnapshot(panel.name);
  });

  const states: Readonly<Record<string, DashboardView>> = { empty, zookeeper };
  test.each(Object.entries(states))('%s: each panel at the three sizes', (_, state) => {
    for (const { columns } of SIZES)
      for (const panel of PANELS.filter(({ shown }) => shown(state)))
        expect(texts(panel.lines(state, { columns, rows: 20, filter: '' })).join('\n')).toMatchSnapshot(
          `${panel.name}, ${columns} wide`,
        );
  });

  test.each(SIZES)('of panels that are empty there are whole screens, too, at $columns×$rows', (size) => {
    const lines = paint(empty, firstUi('partitions'), size, noPage);
    for (const line of lines) expect(width(line)).toBe(size.columns);
    expect(texts(lines).join('\n')).toContain('no topics yet: createTopic orders --partitions 3');
  });

  test('colour repeats what is said, and without it reverse video is left', () => {
    const lines: readonly Line[] = [
      [
        { text: '✗ ', tone: 'bad' },
        { text: 'broker-1', inverse: true, bold: true },
      ],
    ];
    const shown = (colour: boolean) => renderToString(<Lines lines={lines} look={{ colour, ascii: false }} />);
    expect(shown(true)).toContain('\u001b[31m✗ ');
    expect(shown(false)).not.toContain('\u001b[31m');
    expect(shown(false)).toContain('\u001b[7m');
    expect(stripVTControlCharacters(shown(true))).toBe('✗ broker-1');
  });

  test('says the same with ASCII alone', () => {
    const lines = paint(view, firstUi('partitions'), SIZES[1], noPage);
    const text = stripVTControlCharacters(
      renderToString(<Lines lines={lines} look={{ colour: false, ascii: true }} />, { columns: 80 }),
    );
    expect(text).toMatchSnapshot();
    expect(text).toMatch(/^[ -~\n]*$/);
  });
});

test('of a long scenario the present step is in sight; a selection is seen wherever it stands', () => {
  const long = {
    ...view,
    steps: Array.from({ length: 60 }, (_, index) => ({
      state: index < 40 ? ('passed' as const) : ('waiting' as const),
      text: `step number ${index}`,
      note: '',
    })),
  };
  let ui = firstUi('steps and expectations');
  const seen = () => texts(paint(long, ui, SIZES[2], noPage)).join('\n');
  expect(seen()).toContain('step number 39');
  ui = moved(ui, selectable(long, ui, SIZES[2], noPage), { step: 1, follows: false });
  expect(seen()).toContain('step number 0');
  ui = moved(ui, selectable(long, ui, SIZES[2], noPage), { step: Number.POSITIVE_INFINITY, follows: false });
  expect(seen()).toContain('step number 59');
});

test('the timeline follows its end, until something in it is selected', () => {
  const row = (id: number) => ({
    id,
    atUs: id * 1000,
    node: 'broker-1',
    text: `isr-shrunk n=${id};`,
    raw: '',
    tone: 'plain' as const,
  });
  const busy = (count: number) => ({ ...view, timeline: Array.from({ length: count }, (_, id) => row(id)) });
  let ui = firstUi('timeline');
  const seen = (count: number) => texts(paint(busy(count), ui, SIZES[2], noPage)).join('\n');
  expect(seen(100)).toContain('n=99;');
  ui = moved(ui, selectable(busy(100), ui, SIZES[2], noPage), { step: -1, follows: true });
  ui = moved(ui, selectable(busy(100), ui, SIZES[2], noPage), { step: -50, follows: true });
  expect(selectedOf(ui)).toBe('event:49');
  expect(seen(200)).toContain('n=49;');
  expect(seen(200)).not.toContain('n=199;');
  ui = moved(ui, selectable(busy(200), ui, SIZES[2], noPage), { step: Number.POSITIVE_INFINITY, follows: true });
  expect(seen(200)).toContain('n=199;');
});

describe('a hundred partitions', () => {
  const many = {
    ...view,
    partitions: Array.from({ length: 100 }, (_, index) => partition(index, index === 40 ? { health: 'offline' } : {})),
  };

  test('stay readable in a quarter of a screen, the one in trouble by name', () => {
    const lines = texts(partitions.lines(many, { columns: 59, rows: 6, filter: '' }));
    expect(lines.length).toBeLessThanOrEqual(6);
    expect(lines[1]).toBe('✗ orders-40 2/3');
    expect([...lines.slice(2).join('')].filter((sign) => sign === '●')).toHaveLength(99);
  });

  test('stand in cells with trouble first where there is room for cells', () => {
    const lines = texts(partitions.lines(many, { columns: 120, rows: 30, filter: '' }));
    expect(lines[0]).toMatch(/^✗ orders-40 2\/3 {3}● orders-0 1\/3/);
  });

  test('can be filtered by name, health, leader and ISR', () => {
    const shown = (filter: string) => keysOf(partitions.lines(many, { columns: 59, rows: 200, filter }));
    expect(shown('offline')).toEqual(['partition:orders-40']);
    expect(shown('orders-1 leader=2')).toContain('partition:orders-10');
    expect(shown('-offline')).toHaveLength(99);
    expect(texts(partitions.lines(many, { columns: 59, rows: 6, filter: 'nowhere' }))).toEqual([
      'no partition has "nowhere"',
    ]);
  });

  test('each can be selected, once, and the selection is seen in reverse', () => {
    const size = SIZES[2];
    let ui = firstUi('partitions');
    const keys = selectable(many, ui, size, noPage);
    expect(new Set(keys).size).toBe(100);
    for (const key of keys) {
      ui = moved(ui, selectable(many, ui, size, noPage), { step: 1, follows: false });
      expect(selectedOf(ui)).toBe(key);
      const lines = paint(many, ui, size, noPage);
      expect(lines.slice(1).some((line) => line.some(({ inverse, text }) => inverse && !text.includes(' p')))).toBe(
        true,
      );
    }
  });
});
