/** The dashboard's page of a diagram: opened with `d` or by a line, walked through in time, drawn anew while its time is not over. */
import { beforeEach, describe, expect, test } from 'vitest';
import { attachChecker } from '../../src/checker/checker.ts';
import { paint } from '../../src/cli/dashboard/layout.ts';
import { DashboardStore } from '../../src/cli/dashboard/store.ts';
import { DashboardSubject } from '../../src/cli/dashboard/subject.ts';
import { sized } from '../../src/cli/terminal/sized.ts';
import { Cluster } from '../../src/cluster/cluster.ts';
import { defaultClusterOptions } from '../../src/cluster/options.ts';
import { hostPorts } from '../../src/gateway/ports.ts';
import { drawnOrWhy } from '../../src/tools/questions/diagram.ts';
import { Session } from '../../src/tools/session.ts';

const SIZE = { columns: 80, rows: 22 };
const PACING = { speed: 1, paused: false };

function opened() {
  const orders = { name: 'orders', partitions: 1, replicationFactor: 3, assignment: undefined, config: {} };
  const cluster = new Cluster({ ...defaultClusterOptions('kraft', 7), timers: 'fast', topics: [orders] }, hostPorts);
  const checker = attachChecker(cluster.trace, cluster.world);
  const session = new Session(cluster, checker);
  cluster.boot();
  let drawn = 0;
  const subject = new DashboardSubject({
    cluster,
    checker,
    run: undefined,
    history: session.history,
    author: session.author,
    title: 'kzsim',
    bootstrapServers: [],
    draw(options, done) {
      drawn += 1;
      done(drawnOrWhy(session, options));
    },
  });
  const asked: string[] = [];
  const store = new DashboardStore(
    {
      view: () => subject.view(PACING),
      page: (key, columns) => subject.page(key, columns),
      size: () => SIZE,
      screen: () => SIZE,
      execute(line, done) {
        asked.push(line);
        session.execute(line, done);
      },
      complete: () => ({ start: 0, items: [] }),
      togglePause() {},
      changeSpeed() {},
      suspend() {},
      quit() {},
    },
    [],
  );
  const press = (...names: readonly string[]): void => {
    for (const name of names)
      store.press({ name, sequence: name.length === 1 ? name : '', ctrl: false, meta: false, shift: false });
  };
  const screen = (): string =>
    paint(store.view, store.ui, SIZE, store.page)
      .map((line) =>
        line
          .map(({ text }) => text)
          .join('')
          .trimEnd(),
      )
      .join('\n');
  const pass = (us: number): void => {
    cluster.world.runUntil(cluster.world.nowUs + us);
    store.refresh();
  };
  const enter = (line: string): void => press(':', ...[...line].map((letter) => letter), 'return');
  return { store, session, press, screen, pass, enter, asked, drawn: () => drawn };
}

describe('the page of a diagram', () => {
  let board: ReturnType<typeof opened>;
  beforeEach(() => {
    board = opened();
    board.session.execute('kill leader(orders-0)', () => {});
    board.pass(4_000_000);
  });

  test('d opens it around the selected event, which is in sight; Up and PgUp go through it in time, names stay', () => {
    const { store, press, screen } = board;
    store.ui = { ...store.ui, focus: 'timeline' };
    press('up', 'd');
    const selected = store.view.timeline.at(-1)!;
    expect(store.ui.pages).toEqual([`diagram:#${selected.id}`]);
    expect(screen()).toContain(`#${selected.id} ${selected.text.slice(0, 10)}`);
    const names = /broker-1 .*broker-3/;
    expect(screen()).toMatch(names);
    press('up');
    const before = store.ui.selections.get(`diagram:#${selected.id}`);
    expect(before).toMatch(/^(event|messages?):/);
    press('pageup', 'pageup');
    expect(store.ui.selections.get(`diagram:#${selected.id}`)).not.toBe(before);
    expect(screen()).toMatch(names);
    press('left');
    expect(board.asked.at(-1)).toBe('time back');
    press('escape', 'escape', 'escape');
    expect(store.ui.pages).toEqual([]);
  });

  test('a line opens it, too, and says on the page what is wrong with it; other answers stay lines', () => {
    const { store, enter, screen, asked } = board;
    enter('diagram broker-2 --around became-leader');
    expect(store.ui.pages).toEqual(['diagram:broker-2 --around became-leader']);
    expect(screen()).toMatch(/broker-2 leads orders-0/);
    enter('diagram broker-2 --spam');
    expect(screen()).toContain('diagram has no --spam - did you mean --span?');
    expect(asked).toEqual([]);
    enter('diagram -o json');
    expect(asked).toEqual(['diagram -o json']);
  });

  test('without anything selected d is a letter', () => {
    board.press('d');
    expect(board.store.input.editor.text).toBe('d');
  });

  test('what is not over is drawn anew, what is over is not', () => {
    const { enter, screen, pass, drawn } = board;
    enter('diagram --around became-leader');
    screen();
    const once = drawn();
    for (let step = 0; step < 10; step++) {
      pass(300_000);
      screen();
    }
    expect(drawn()).toBe(once);
    board.session.execute('kill broker-2', () => {});
    enter('diagram --around process-killed');
    for (let step = 0; step < 10; step++) {
      pass(300_000);
      screen();
    }
    const more = drawn() - once;
    expect(more).toBeGreaterThanOrEqual(2);
    expect(more).toBeLessThanOrEqual(5);
  });
});

test('a diagram is as wide as the terminal that asks, and in its letters', () => {
  const utf8 = { LANG: 'en_US.UTF-8' };
  expect(sized('diagram web | grep Fetch', 132, utf8)).toBe('diagram --width 132 web | grep Fetch');
  expect(sized('  diagram', 20, { LANG: 'C' })).toBe('  diagram --width 40 --ascii');
  expect(sized('diagram', undefined, utf8)).toBe('diagram');
  expect(sized('events 5', 80, utf8)).toBe('events 5');
});
