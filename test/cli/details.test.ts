/** The pages that Enter opens, of a cluster that really runs, and had a broker killed. */
import { beforeAll, describe, expect, test } from 'vitest';
import { attachChecker } from '../../src/checker/checker.ts';
import { paint, selectable } from '../../src/cli/dashboard/layout.ts';
import { DashboardSubject } from '../../src/cli/dashboard/subject.ts';
import { type Line, width } from '../../src/cli/dashboard/text.ts';
import { firstUi, opened } from '../../src/cli/dashboard/ui.ts';
import { Cluster } from '../../src/cluster/cluster.ts';
import { defaultClusterOptions, type Mode } from '../../src/cluster/options.ts';
import { hostPorts } from '../../src/gateway/ports.ts';
import { Session } from '../../src/tools/session.ts';

const PACING = { speed: 1, paused: false };
const SIZES = [
  { columns: 120, rows: 38 },
  { columns: 80, rows: 22 },
  { columns: 60, rows: 18 },
];

function broken(mode: Mode) {
  const topic = { name: 'orders', partitions: 3, replicationFactor: 3, assignment: undefined, config: {} };
  const cluster = new Cluster({ ...defaultClusterOptions(mode, 7), timers: 'fast', topics: [topic] }, hostPorts);
  const checker = attachChecker(cluster.trace, cluster.world, undefined);
  const session = new Session(cluster, checker);
  cluster.boot();
  const subject = new DashboardSubject({
    cluster,
    checker,
    run: undefined,
    history: session.history,
    author: session.author,
    title: `kzsim ${mode}`,
    bootstrapServers: [],
  });
  const rate = { count: 100, perUs: 1_000_000 };
  const config = { 'linger.ms': '0' };
  cluster.addClient({
    name: 'web',
    members: 1,
    config,
    start: true,
    role: { kind: 'produce', topic: 'orders', rate, keys: null, valueSize: 10 },
  });
  cluster.startClients();
  const pass = (seconds: number): void => {
    for (let step = 0; step < seconds * 4; step++) {
      cluster.world.runUntil(cluster.world.nowUs + 250_000);
      subject.view(PACING);
    }
  };
  pass(5);
  session.execute('kill leader(orders-0) --as dead', ({ ok }) => expect(ok).toBe(true));
  pass(8);
  const page = (key: string, columns = 120): readonly Line[] | undefined => subject.page(key, columns);
  const text = (key: string, columns = 120): string =>
    (page(key, columns) ?? []).map((line) => line.map((piece) => piece.text).join('')).join('\n');
  return { cluster, subject, page, text, pass };
}

describe.each<Mode>(['kraft', 'zookeeper'])('in %s mode', (mode) => {
  let dashboard: ReturnType<typeof broken>;
  beforeAll(() => {
    dashboard = broken(mode);
  });
  const dead = (): string => dashboard.subject.view(PACING).nodes.find(({ state }) => state === 'stopped')!.name;

  test('a partition: the logs of its replicas on one scale, with their epochs; the dead one is behind', () => {
    const text = dashboard.text('partition:orders-0');
    expect(text).toMatch(/leader epoch +1, partition epoch \d/);
    expect(text).toMatch(new RegExp(`✗ ${dead()} +stopped +█+▒* +LEO`));
    expect(text.match(/● broker-\d +(leader|follower) +█+▒* *LEO/g)).toHaveLength(2);
    expect(text.match(/epochs 0 from 0, 1 from \d+/g)).toHaveLength(2);
    expect(text).toContain('not in the ISR');
  });

  test('a broker: every replica that it holds, those that it leads first, and what happened to it', () => {
    const leader = dashboard.cluster.model.authority.partitions.get('orders-0')!.leader;
    const text = dashboard.text(`node:broker-${leader}`);
    expect(text).toMatch(/state +running/);
    expect(text).toMatch(/CPU +\d+\.\d%/);
    expect(text).toMatch(/requests +\d+ a second [▁▂▃▄▅▆▇█]+/);
    expect(text).toMatch(/by API .*(Produce|Fetch) \d+/);
    expect(text).toMatch(/● orders-0 +leader +LEO \d+ +HW \d+/);
    expect(dashboard.text(`node:${dead()}`)).toMatch(/was killed \(SIGKILL\)/);
  });

  test('a client: its counts, its rate as bars, and the errors that it saw', () => {
    const text = dashboard.text('client:web');
    expect(text).toMatch(/records +sent \d+, acked \d+, in flight \d+/);
    expect(text).toMatch(/a second +[▁▂▃▄▅▆▇█]{8,}/);
    // The coordinator of its producer id was not there yet; ZooKeeper's controller has none to wait for.
    expect(text).toMatch(mode === 'kraft' ? /\.\d{3}s COORDINATOR_LOAD_IN_PROGRESS InitProducerId/ : /none seen since/);
  });

  test('an event: its fields, and what it follows from', () => {
    const elected = dashboard.subject.view(PACING).timeline.findLast(({ raw }) => raw.startsWith('became-leader'))!;
    const text = dashboard.text(`event:${elected.id}`);
    expect(text).toMatch(/became-leader of broker-\d at \d+\.\d{3}s/);
    expect(text).toMatch(/leaderEpoch +1/);
    expect(text).toMatch(
      mode === 'kraft' ? /had not heard of broker-\d for/ : /the ZooKeeper session of broker-\d expired/,
    );
    expect(text).toMatch(/\ds +broker-\d was killed \(SIGKILL\)/);
  });

  test('the quorum: who leads, and how far the others are', () => {
    const { quorum } = dashboard.subject.view(PACING);
    expect(quorum.members).toHaveLength(3);
    expect(quorum.members.filter(({ role }) => role === 'leader').map(({ name }) => name)).toEqual([quorum.leader]);
    expect(quorum.members.filter(({ role }) => role === 'follower')).toHaveLength(2);
    if (mode === 'kraft') expect(quorum.members.every(({ logEndOffset }) => logEndOffset! > 20)).toBe(true);
    else {
      // The dead broker's session is over.
      expect(quorum.sessions.map(({ owner }) => owner)).not.toContain(dead());
      expect(quorum.members.reduce((sum, { sessions }) => sum + sessions!, 0)).toBe(quorum.sessions.length);
      // Each broker watches its controller, at the least; the controller more.
      expect(quorum.members.reduce((sum, { watches }) => sum + watches!, 0)).toBeGreaterThan(3);
    }
  });

  test('every page has exactly the size of the screen, and what it names can be opened', () => {
    const view = dashboard.subject.view(PACING);
    for (const size of SIZES)
      for (const key of ['partition:orders-0', 'node:broker-2', 'client:web', `event:${view.timeline.at(-1)!.id}`]) {
        const ui = opened(firstUi('partitions'), key);
        const lines = paint(view, ui, size, dashboard.page);
        expect(lines).toHaveLength(size.rows);
        for (const line of lines) expect(width(line)).toBe(size.columns);
        for (const inner of selectable(view, ui, size, dashboard.page))
          expect([inner, dashboard.page(inner)?.length]).not.toEqual([inner, undefined]);
      }
    expect(dashboard.text('partition:nowhere-0')).toBe('');
  });
});

test('the znode tree of ZooKeeper mode', () => {
  const { text } = broken('zookeeper');
  expect(text('znode:/')).toMatch(/ {2}brokers/);
  expect(text('znode:/')).toMatch(/\n {2}brokers\n {4}ids\n {6}\d {2}ephemeral {2}\{/);
  expect(text('znode:/brokers/ids')).toMatch(/below it: 2\n {2}\d {2}ephemeral {2}\{/);
  expect(text('znode:/brokers/ids')).toMatch(/watched by +session 0x[0-9a-f]+ of broker-\d at zk-\d/);
  expect(text('znode:/controller')).toMatch(/created +zxid 0x[0-9a-f]+ at -?\d+\.\d+s/);
  expect(text('znode:/controller')).toMatch(/owner +session 0x[0-9a-f]+ of broker-\d: it is ephemeral/);
});
