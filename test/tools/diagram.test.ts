/** Sequence diagrams as text and as SVG, of clusters that really run. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newTimeline, ScriptHost } from '../../src/cli/repl/script-host.ts';
import { Cluster } from '../../src/cluster/cluster.ts';
import { type ClusterOptions, defaultClusterOptions, type Mode } from '../../src/cluster/options.ts';
import { hostPorts } from '../../src/gateway/ports.ts';
import { Timeline } from '../../src/scenario/timeline.ts';
import type { Diagram, MessageRow } from '../../src/tools/diagram/diagram.ts';
import { Lookout } from '../../src/tools/diagram/lookout.ts';
import { svgText } from '../../src/tools/diagram/svg.ts';
import { plainLines, textLines } from '../../src/tools/diagram/text.ts';
import { Session } from '../../src/tools/session.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kzsim-diagram-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const OPTIONS = (mode: Mode): ClusterOptions => ({
  ...defaultClusterOptions(mode, 7),
  timers: 'fast',
  topics: [{ name: 'orders', partitions: 1, replicationFactor: 3, assignment: undefined, config: {} }],
});

/** A cluster to which these lines were typed; all of them have to succeed. */
function played(mode: Mode, lines: readonly string[]): ScriptHost {
  const host = new ScriptHost(newTimeline(OPTIONS(mode)));
  for (const line of lines) ask(host, line);
  return host;
}

function ask(host: ScriptHost, line: string): readonly string[] {
  const { ok, lines } = host.finish(line);
  if (!ok) throw new Error(`${line}: ${lines.join('; ')}`);
  return lines;
}

const WEB = 'addClient web --produce orders --rate 20/s --config acks=all';
const FAILOVER = [WEB, 'wait 1s', 'kill leader(orders-0)', 'wait 5s'];

describe.each<Mode>(['kraft', 'zookeeper'])('a leader dies in %s mode', (mode) => {
  let host: ScriptHost;
  beforeAll(() => {
    host = played(mode, FAILOVER);
  });

  test.each([60, 80, 120])('in %d columns', async (columns) => {
    const lines = ask(host, `diagram --around became-leader --width ${columns} --rows 30 --span 100ms`);
    for (const line of lines) expect([...line].length).toBeLessThanOrEqual(columns);
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(`../golden/diagram/failover-${mode}-${columns}.txt`);
  });

  test('with ASCII alone', () => {
    const lines = ask(host, 'diagram --around became-leader --ascii --span 100ms');
    expect(lines.join('\n')).toMatch(/^[ -~\n]+$/);
    expect(lines.join('\n')).toMatch(/\|<-+\|/);
  });

  test('looking leaves no mark, and the same is drawn each time', () => {
    const { trace } = host.timeline.cluster;
    const before = [trace.count, trace.hash()];
    const once = ask(host, 'diagram --all');
    expect(ask(host, 'diagram --all')).toEqual(once);
    expect([trace.count, trace.hash()]).toEqual(before);
    expect(ask(played(mode, FAILOVER), 'diagram --all')).toEqual(once);
  });
});

test('a lost acknowledgement: the request is there, its answer is not, and it is sent again', async () => {
  const host = played('kraft', [
    WEB,
    'wait 1s',
    'inject --api Produce --disconnect true --handled true --client web --count 1',
    'wait 200ms',
  ]);
  const lines = ask(host, 'diagram web orders-0 --around batch-retried --only Produce --width 90');
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../golden/diagram/lost-ack.txt');
});

test('a parted network: arrows that do not arrive, and those that come late', async () => {
  const host = played('kraft', [
    WEB,
    'wait 1s',
    'partition leader(orders-0) | followers(orders-0), all(quorum)',
    'wait 300ms',
    'heal all',
    'wait 1s',
  ]);
  const lines = ask(host, 'diagram orders-0 web --around 1s --span 800ms --width 100 --rows 50');
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../golden/diagram/partition.txt');
});

describe('what is drawn', () => {
  let host: ScriptHost;
  beforeAll(() => {
    host = played('kraft', FAILOVER);
  });

  test('only the messages that were asked for, and every one of them with --all', () => {
    const text = ask(host, 'diagram web broker-2 --only produce,meta --around 2.2s --span 1s --all --rows 500').join(
      '\n',
    );
    expect(text).toMatch(/Produce orders-0 \d+ records? seq=\d+ acks=all/);
    expect(text).toMatch(/Metadata: orders-0 leader=2/);
    expect(text).not.toMatch(/Fetch|nothing new|as before/);
    expect(ask(host, 'diagram web broker-2 --only Vote --around 2s').join('\n')).toContain(
      'no vote passed between them',
    );
  });

  test('one node with those whom it speaks to; a partition as its replicas', () => {
    expect(ask(host, 'diagram web --around 0.5s --span 500ms')[1]).toMatch(/web .*broker-1/);
    expect(ask(host, 'diagram orders-0 --around 0.5s')[1]).toMatch(/^ +broker-1 +broker-2 +broker-3$/);
  });

  test('as data', () => {
    const [line] = ask(host, 'diagram --around became-leader -o json');
    const [drawn] = JSON.parse(line!);
    expect(drawn.nodes).toContain('broker-2');
    const kinds = drawn.rows.map(({ kind, eventKind }: Record<string, string>) => eventKind ?? kind);
    expect(kinds).toContain('became-leader');
    const fetch = drawn.rows.find(({ name, role }: Record<string, string>) => name === 'Fetch' && role === 'request');
    expect(fetch).toMatchObject({ kind: 'message', ending: 'arrives', bad: false });
  });

  test.each([
    ['diagram brokr-1', 'there is no node or client "brokr-1" - did you mean broker-1?'],
    ['diagram random(brokers)', 'a diagram is not drawn of random nodes - name them: diagram broker-1 broker-2'],
    ['diagram --spam 3s', 'diagram has no --spam - did you mean --span?'],
    ['diagram --span', '--span needs a value'],
    ['diagram --span 0s', '--span takes a duration from 1ms to 1h, such as 200ms; "0s" is none'],
    ['diagram --rows 0', '--rows takes a number from 1 to 5000; "0" is none'],
    ['diagram --around #9999999', 'there is no event #9999999 yet'],
    ['diagram --around 50s', '50s is yet to come: it is 6.000s now'],
    ['diagram --around -50s', '-50s is before the world began'],
    ['diagram --around leadr', 'nothing that is kept is called leadr - --around takes an event (#1234)'],
    ['diagram --svg x.png', 'the picture is SVG, and its file is called so - --svg x.svg'],
    ['events --svg /nowhere/x.svg', '/nowhere/x.svg cannot be written (ENOENT'],
  ])('%s', (line, says) => {
    const { ok, lines } = host.finish(line);
    expect(ok).toBe(false);
    expect(lines.join('\n')).toContain(says);
  });
});

test('what is not kept any more is executed again, and the present stays where it is', () => {
  const host = forgetful();
  for (const line of FAILOVER) ask(host, line);
  const question = 'diagram --around became-leader --rows 20';
  const before = ask(played('kraft', FAILOVER), question);
  const { cluster } = host.timeline;
  const { count } = cluster.trace;
  expect(host.timeline.session.lookout.messages.sinceUs).toBeGreaterThan((cluster.zeroUs ?? 0) + 3_000_000);
  expect(ask(host, question)).toEqual(before);
  expect(host.timeline.cluster).toBe(cluster);
  expect(cluster.trace.count).toBe(count);
  expect(host.finish('diagram --around 0.5s --span 4s').lines.join()).toContain('a shorter --span');
  const session: Session = host.timeline.session;
  session.execute(question, ({ ok, lines }) => {
    expect(ok).toBe(false);
    expect(lines[0]).toMatch(/the messages from \d\.\d+s on are not kept any more, only those since/);
  });
});

/** A cluster of whose messages only the latest are kept. */
function forgetful(): ScriptHost {
  return new ScriptHost(
    new Timeline({
      make() {
        const cluster = new Cluster(OPTIONS('kraft'), hostPorts);
        const session = new Session(cluster, undefined);
        Object.assign(session, { lookout: new Lookout(cluster, 600) });
        cluster.boot();
        return session;
      },
    }),
  );
}

describe('SVG', () => {
  const row: MessageRow = {
    kind: 'message',
    atUs: 1_000_000,
    from: 0,
    to: 1,
    name: 'Fetch',
    text: 'Fetch orders-0 offset=120 epoch=3',
    note: '',
    role: 'request',
    ending: 'arrives',
    bad: false,
    message: 1,
    cause: 7,
  };
  const answer = { ...row, from: 1, to: 0, role: 'response', text: 'Fetch: orders-0 120 (1 record) HW=120' } as const;
  const mark = { kind: 'mark', atUs: 1_002_000, lane: 1, event: 9, eventKind: 'process-killed', more: 0 } as const;
  const small: Diagram = {
    title: '1.000s to 1.200s, around #9 process-killed at 1.002s',
    zeroUs: 0,
    fromUs: 1_000_000,
    toUs: 1_200_000,
    lanes: [{ name: 'broker-2' }, { name: 'broker-1' }],
    lives: [[], [{ atUs: 1_002_000, runs: false }]],
    rows: [
      row,
      { ...answer, atUs: 1_001_000, message: 2 },
      { ...mark, text: 'broker-1 was killed (SIGKILL)', tone: 'bad', focus: true },
      { ...row, atUs: 1_003_000, ending: 'lost', note: 'lost', bad: true, message: 3 },
      { ...row, atUs: 1_004_000, ending: 'leaves', note: 'arrives at 1.104s', message: 4 },
      { kind: 'chatter', atUs: 1_005_000, toUs: 1_090_000, count: 9, text: '9 Fetch: nothing new' },
      { ...row, atUs: 1_104_000, ending: 'comes', note: 'sent at 1.004s', message: 4 },
      { ...row, atUs: 1_105_000, to: 0, message: 5, text: 'UpdateMetadata <"&\u0007\ud800>' },
    ],
    notes: ['--all shows every message'],
  };

  test('is what was taken down, and well-formed', async () => {
    const svg = svgText(small);
    expect(elementsOf(svg)).toContain('svg');
    expect(svg).not.toMatch(/script|href|url\(/);
    await expect(svg).toMatchFileSnapshot('../golden/diagram/small.svg');
  });

  test('as text it is the same diagram', () => {
    const lines = plainLines(small, { columns: 70, ascii: false });
    expect(lines.filter((line) => /[├✗▶↻…]/.test(line))).toMatchInlineSnapshot(`
      [
        "   1.000s       ├───────────▶│  Fetch orders-0 offset=120 epoch=3",
        "   1.002s       │            ✗  #9 broker-1 was killed (SIGKILL)",
        "   1.003s       ├──────✗     ┊  Fetch orders-0 offset=120 epoch=3",
        "   1.004s       ├──────…     ┊  Fetch orders-0 offset=120 epoch=3",
        "   1.005s       │            ┊  … 9 Fetch: nothing new",
        "   1.104s       │      …────▶┊  Fetch orders-0 offset=120 epoch=3",
        "   1.105s       ↻            ┊  UpdateMetadata <"&��>",
      ]
    `);
    const keys = textLines(small, { columns: 70, ascii: false }).flatMap((line) =>
      line.flatMap(({ key }) => key ?? []),
    );
    expect([...new Set(keys)]).toEqual([
      'message:1',
      'message:2',
      'event:9',
      'message:3',
      'message:4',
      'messages:1005000-1090000',
      'message:4-',
      'message:5',
    ]);
  });

  test('events --svg writes a file, once, and the same bytes again', () => {
    const path = join(folder, 'failover.svg');
    const host = played('zookeeper', FAILOVER);
    expect(ask(host, `events --svg ${path} --around became-leader`)[0]).toMatch(
      /failover\.svg: \d+ rows, \d lifelines, /,
    );
    const bytes = readFileSync(path, 'utf8');
    expect(elementsOf(bytes).filter((name) => name === 'path').length).toBeGreaterThan(5);
    expect(host.finish(`events 20 --svg ${path}`).lines[0]).toMatch(
      /exists: choose another name, or write it anew with --force/,
    );
    ask(played('zookeeper', FAILOVER), `diagram --svg ${path} --around became-leader --force`);
    expect(readFileSync(path, 'utf8')).toBe(bytes);
    expect(existsSync(join(folder, 'other.svg'))).toBe(false);
  });
});

/** The names of all elements of a document that is well-formed XML; throws for one that is not. */
function elementsOf(xml: string): readonly string[] {
  const names: string[] = [];
  const open: string[] = [];
  const token = /<(\/?)([a-zA-Z]+)((?:\s+[a-zA-Z][\w:-]*="[^"<&]*")*)\s*(\/?)>|([^<]+)/y;
  while (token.lastIndex < xml.length) {
    const at = token.lastIndex;
    const match = token.exec(xml);
    if (match === null) throw new Error(`not well-formed at ${at}: ${xml.slice(at, at + 60)}`);
    const [, closing, name, , empty, text] = match;
    if (text !== undefined) {
      if (/&(?!(?:amp|lt|gt|quot);)/.test(text)) throw new Error(`a bare & in ${text}`);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML forbids.
      if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff]/.test(text))
        throw new Error(`a forbidden character in ${text}`);
      if (open.length === 0 && text.trim() !== '') throw new Error(`text outside: ${text}`);
    } else if (closing === '/') {
      if (open.pop() !== name) throw new Error(`</${name}> closes another element`);
    } else {
      names.push(name!);
      if (empty === '') open.push(name!);
    }
  }
  if (open.length > 0) throw new Error(`${open.join(', ')} not closed`);
  return names;
}
