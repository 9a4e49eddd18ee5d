/** Keys at the dashboard, one by one: what they steer, what is typed, and what the prompt is given. */
import { describe, expect, test } from 'vitest';
import { answerLines, answersShown } from '../../src/cli/dashboard/answers.ts';
import { helpLines } from '../../src/cli/dashboard/help.ts';
import { JUMPS, jumpOf } from '../../src/cli/dashboard/jumps.ts';
import { KEYMAP } from '../../src/cli/dashboard/keymap.ts';
import { paint } from '../../src/cli/dashboard/layout.ts';
import { type Controls, DashboardStore } from '../../src/cli/dashboard/store.ts';
import { width } from '../../src/cli/dashboard/text.ts';
import { selectedOf } from '../../src/cli/dashboard/ui.ts';
import type { DashboardView } from '../../src/tools/view.ts';
import { view, zookeeper } from './dashboard-view.ts';

const SIZE = { columns: 120, rows: 38 };
const PLACES: Readonly<Record<string, string>> = {
  up: '\u001b[A',
  down: '\u001b[B',
  return: '\r',
  escape: '\u001b',
  tab: '\t',
  backspace: '\u007f',
};

function dashboard(shown: DashboardView = view) {
  const lines: string[] = [];
  let quits = 0;
  const controls: Controls = {
    view: () => shown,
    page: () => [],
    size: () => SIZE,
    screen: () => SIZE,
    execute(line, done) {
      lines.push(line);
      done({ ok: true, lines: line === 'much' ? Array.from({ length: 50 }, (_, n) => `row ${n}.`) : [`did ${line}`] });
    },
    complete: () => ({ start: 0, items: [] }),
    togglePause() {},
    changeSpeed() {},
    quit() {
      quits += 1;
    },
    suspend() {},
  };
  const store = new DashboardStore(controls, []);
  const named = (name: string): void =>
    store.press({ name, sequence: PLACES[name] ?? '', ctrl: false, meta: false, shift: false });
  const type = (text: string): void => {
    for (const sequence of text)
      store.press({ name: sequence.toLowerCase(), sequence, ctrl: false, meta: false, shift: /[A-Z]/.test(sequence) });
  };
  const picture = (): string =>
    paint(shown, store.ui, SIZE, store.page)
      .map((line) => line.map(({ text }) => text).join(''))
      .join('\n');
  return { store, lines, named, type, picture, quits: () => quits };
}

describe('capital letters act on the selection', () => {
  const select = (focus: string, key: string, shown = view) => {
    const it = dashboard(shown);
    it.store.ui = { ...it.store.ui, focus, selections: new Map([[focus, key]]) };
    return it;
  };

  test.each([
    ['nodes', 'node:broker-2', 'K', 'kill broker-2'],
    ['nodes', 'node:broker-2', 'S', 'stop broker-2'],
    ['nodes', 'node:broker-2', 'R', 'restart broker-2'],
    ['nodes', 'node:broker-2', 'P', 'pause broker-2'],
    ['nodes', 'node:broker-1', 'R', 'start broker-1'],
    ['nodes', 'node:broker-3', 'P', 'resume broker-3'],
    ['partitions', 'partition:orders-1', 'K', 'kill leader(orders-1)'],
    ['partitions', 'partition:orders-0', 'R', 'start broker-1'],
    ['clients and groups', 'client:web', 'K', 'kill web'],
    ['clients and groups', 'client:web', 'S', 'stopClient web'],
  ])('%s, %s, %s: %s', (focus, key, letter, line) => {
    const { type, lines } = select(focus, key);
    type(letter);
    expect(lines).toEqual([line]);
  });

  test('Ctrl-K kills as in k9s, and cuts the line while one is typed', () => {
    const { store, lines, type } = select('nodes', 'node:broker-2');
    const press = () => store.press({ name: 'k', sequence: '\u000b', ctrl: true, meta: false, shift: false });
    press();
    expect(lines).toEqual(['kill broker-2']);
    type('st');
    press();
    expect(lines).toHaveLength(1);
  });

  test('what they are not for says so', () => {
    const { store, type, lines } = select('timeline', 'event:2');
    type('K');
    expect(lines).toEqual([]);
    expect(store.answers.lines.at(-1)).toContain('select one with');
  });
});

describe('behind a colon', () => {
  test('places lead there, and nothing is executed', () => {
    const { store, type, named, lines } = dashboard();
    type(':nodes');
    named('return');
    expect(store.ui.focus).toBe('nodes');
    type(':events');
    named('return');
    expect(store.ui.focus).toBe('timeline');
    type(':broker-2');
    named('return');
    expect(store.ui.pages).toEqual(['node:broker-2']);
    type(':orders');
    named('return');
    expect(store.ui.filters.get('partitions')).toBe('orders-');
    expect(lines).toEqual([]);
  });

  test('every place is somewhere', () => {
    for (const place of JUMPS.filter((name) => name !== 'q')) {
      const { store, type, named, lines } = dashboard();
      type(`:${place}`);
      named('return');
      expect([place, lines, store.input.prompting]).toEqual([place, [], false]);
    }
  });

  test('in ZooKeeper mode znodes have pages, by their paths', () => {
    expect(jumpOf('znodes', zookeeper)).toEqual({ kind: 'page', key: 'znode:/' });
    expect(jumpOf('/brokers/ids', zookeeper)).toEqual({ kind: 'page', key: 'znode:/brokers/ids' });
    expect(jumpOf('zk ls /', zookeeper)).toBeUndefined();
  });

  test('any other line is the prompt’s, also one that begins with a key of the dashboard', () => {
    const { type, named, lines } = dashboard();
    type(':wait 5s');
    named('return');
    type(':events 5');
    named('return');
    expect(lines).toEqual(['wait 5s', 'events 5']);
  });

  test('q quits, help helps', () => {
    const { store, type, named, quits } = dashboard();
    type(':help');
    named('return');
    expect(store.help).toBe(0);
    named('escape');
    expect(store.help).toBeUndefined();
    type(':q');
    named('return');
    expect(quits()).toBe(1);
  });
});

test('pages leave crumbs; Esc takes one thing away at a time', () => {
  const { store, type, named, picture } = dashboard();
  store.ui = { ...store.ui, focus: 'partitions' };
  type('_/ord');
  named('return');
  named('down');
  named('return');
  expect(picture()).toContain(' partitions › partition orders-0 ');
  const seen = () => [
    store.ui.pages.length,
    store.ui.filters.size,
    selectedOf(store.ui) === undefined ? 0 : 1,
    store.ui.zoomed ? 1 : 0,
  ];
  const steps = [seen()];
  for (let press = 0; press < 4; press++) {
    named('escape');
    steps.push(seen());
  }
  expect(steps).toEqual([
    [1, 1, 0, 1],
    [0, 1, 1, 1],
    [0, 0, 1, 1],
    [0, 0, 0, 1],
    [0, 0, 0, 0],
  ]);
});

test('a panel can have the whole picture, and the next one after it', () => {
  const { store, type, named, picture } = dashboard();
  store.ui = { ...store.ui, focus: 'quorum' };
  type('_');
  expect(picture()).toContain(' quorum ');
  expect(picture()).not.toContain(' nodes ');
  named('tab');
  expect(picture()).toContain(' timeline ');
  expect(picture()).not.toContain(' quorum ');
  type('_');
  expect(picture()).toContain(' nodes ');
});

describe('the help', () => {
  test.each([120, 80, 60])('at %i columns', (columns) => {
    const lines = helpLines('partitions', columns);
    for (const line of lines) expect(width(line)).toBeLessThanOrEqual(columns);
    expect(
      lines
        .map((line) =>
          line
            .map(({ text }) => text)
            .join('')
            .trimEnd(),
        )
        .join('\n'),
    ).toMatchSnapshot();
  });

  test('scrolls where it does not fit; any other key closes it', () => {
    const { store, type, named } = dashboard();
    type('?');
    named('down');
    expect(store.help).toBe(1);
    type('x');
    expect(store.help).toBeUndefined();
    expect(store.input.editor.text).toBe('');
  });

  test('no key stands for two things', () => {
    const keys = KEYMAP.flatMap((binding) => Object.keys(binding.keys));
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('answers', () => {
  test('one with no room under the picture has a page, which scrolls, and goes with Esc or the next line', () => {
    const { store, named, type, picture } = dashboard();
    type('much');
    named('return');
    expect(picture()).toMatch(/› answer much ─.* ↓\d+ Esc back/);
    expect(picture()).toContain('> much');
    expect(picture()).not.toContain('row 49.');
    for (let page = 0; page < 8; page++) named('pagedown');
    expect(picture()).toContain('row 49.');
    named('home');
    expect(picture()).toContain('row 0.');
    named('down');
    named('down');
    expect(picture()).not.toContain('row 0.');
    named('escape');
    expect(picture()).not.toContain('answer much');
    type('much');
    named('return');
    type('time');
    named('return');
    expect(picture()).not.toContain('answer');
    expect(store.answers.lines.at(-1)).toBe('did time');
  });

  test('of an older one whose beginning does not fit nothing is shown, and on a small screen the last line alone', () => {
    const { store } = dashboard();
    const lines = ['> branches', 'main', 'branch-2', '> time', '5.000s'];
    const texts = (rows: number, answers = lines) =>
      answersShown(answers, store.ui, { columns: 40, rows }).map(([piece]) => piece!.text);
    expect(texts(40)).toEqual(lines);
    expect(texts(24)).toEqual(['> time', '5.000s']);
    expect(texts(32, ['> events', ...Array(10).fill('x'), '> time', '5.000s'])).toEqual(['> time', '5.000s']);
    expect(texts(8, ['> events', 'a', 'b', 'c'])).toEqual(['> events', 'a']);
  });

  test('long lines are broken at spaces, and go on indented', () => {
    const texts = (answer: string, columns: number) => answerLines([answer], columns).map(([piece]) => piece!.text);
    expect(texts('    5.000s  because broker-1 was killed (SIGKILL)', 30)).toEqual([
      '    5.000s  because broker-1',
      '      was killed (SIGKILL)',
    ]);
    expect(texts('x'.repeat(25), 10)).toEqual(['xxxxxxxxxx', '  xxxxxxxx', '  xxxxxxx']);
    expect(texts('a\tb', 40)).toEqual(['a       b']);
    expect(texts('漢字 '.repeat(4), 11)).toEqual(['漢字 漢字', '  漢字', '  漢字 ']);
  });
});
