import { describe, expect, test } from 'vitest';
import { checkOp, createOp, setDataOp } from '../../../src/coordinator/zookeeper/client/ops.ts';
import { ZkCode } from '../../../src/coordinator/zookeeper/ensemble/codes.ts';
import { CreateFlag, type OpResult, type Stat } from '../../../src/coordinator/zookeeper/ensemble/messages.ts';
import { formatSessionId, parseSessionId } from '../../../src/coordinator/zookeeper/ensemble/sessions.ts';
import { awaited, type ClientProcess, KernelEnsemble } from './kernel-ensemble.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A running ensemble and a connected client. */
function running(
  seed = 1,
  options: { readonly snapCount?: number } = {},
): { ensemble: KernelEnsemble; client: ClientProcess } {
  const ensemble = new KernelEnsemble(3, seed, options);
  ensemble.run(1000);
  const client = ensemble.client('client-1');
  ensemble.run(3000);
  expect(client.diary).toEqual(['connected']);
  return { ensemble, client };
}

const create = (ensemble: KernelEnsemble, client: ClientProcess, path: string, flags = 0): number =>
  awaited<[number, string, Stat | null]>(ensemble, (done) => client.session.create(path, bytes(path), flags, done))[0];

const exists = (ensemble: KernelEnsemble, client: ClientProcess, path: string, watch = false): number =>
  awaited<[number, Stat | null]>(ensemble, (done) => client.session.exists(path, watch, done))[0];

describe('sessions and failures', () => {
  test('a session and its ephemeral survive the death of the ensemble leader', () => {
    const { ensemble, client } = running();
    expect(create(ensemble, client, '/e', CreateFlag.ephemeral)).toBe(ZkCode.OK);
    const { id } = client.session;
    const killedAtUs = ensemble.world.nowUs;
    const killed = ensemble.leader();
    killed.kill();
    ensemble.run(5000);
    expect(ensemble.leader()).not.toBe(killed);
    const took = ensemble.of('ensemble-leader-elected').at(-1)!.atUs - killedAtUs;
    expect(took).toBeGreaterThan(200_000);
    expect(took).toBeLessThan(700_000);
    ensemble.run(60_000);
    expect(exists(ensemble, client, '/e')).toBe(ZkCode.OK);
    expect(client.session.id).toBe(id);
    expect(client.diary).not.toContain('expired');
    expect(ensemble.of('session-created')).toHaveLength(1);
  });

  test('an ephemeral goes 12 to 21 seconds after its client was killed', () => {
    const delays = [0, 1300, 2900, 4100, 5500, 7700].map((extraMs, i) => {
      const { ensemble, client } = running(i + 1);
      create(ensemble, client, '/e', CreateFlag.ephemeral);
      ensemble.run(20_000 + extraMs);
      client.node.kill();
      const killedAtUs = ensemble.world.nowUs;
      ensemble.run(30_000);
      const closed = ensemble.of('session-closed');
      expect(closed.map(({ values }) => values[1])).toEqual([['/e']]);
      return (closed[0]!.atUs - killedAtUs) / 1_000_000;
    });
    for (const delay of delays) {
      expect(delay).toBeGreaterThan(12);
      expect(delay).toBeLessThan(21);
    }
  });

  test('nobody expires while there is no quorum, however long; then every session begins in full', () => {
    const { ensemble, client } = running();
    create(ensemble, client, '/e', CreateFlag.ephemeral);
    ensemble.servers[0]!.kill();
    ensemble.servers[1]!.kill();
    ensemble.run(120_000);
    expect(client.diary).toEqual(['connected', 'disconnected']);
    ensemble.start(1);
    ensemble.run(80_000);
    expect(client.diary).toEqual(['connected', 'disconnected', 'reconnected']);
    expect(exists(ensemble, client, '/e')).toBe(ZkCode.OK);
  });

  test('a paused client learns that its session has expired when it reconnects, not before', () => {
    const { ensemble, client } = running();
    const other = ensemble.client('client-2');
    create(ensemble, client, '/e', CreateFlag.ephemeral);
    expect(exists(ensemble, other, '/e', true)).toBe(ZkCode.OK);
    client.node.pause();
    ensemble.run(30_000);
    expect(other.diary).toEqual(['connected', 'nodeDeleted /e']);
    expect(client.diary).toEqual(['connected']);
    client.node.resume();
    ensemble.run(10_000);
    expect(client.diary).toEqual(['connected', 'disconnected', 'expired']);
    const [err] = awaited<[number, Stat | null]>(ensemble, (done) => client.session.exists('/e', false, done));
    expect(err).toBe(ZkCode.SESSION_EXPIRED);
  });

  test('an operator ends a session: its ephemerals go, and its client learns of it', () => {
    const { ensemble, client } = running();
    create(ensemble, client, '/e', CreateFlag.ephemeral);
    const created = ensemble.of('znode-created').at(-1)!;
    expect(created.values.slice(1)).toEqual(['/e', formatSessionId(client.session.id), '/e']);
    const accepted = ensemble.handles.map((handle) => handle.expireSession(parseSessionId(String(created.values[2]))));
    expect(accepted.filter((it) => it)).toHaveLength(1);
    ensemble.run(5000);
    expect(ensemble.of('znode-deleted').map(({ values }) => values[1])).toEqual(['/e']);
    expect(client.diary).toEqual(['connected', 'disconnected', 'expired']);
  });

  test('a closed session is over at once', () => {
    const { ensemble, client } = running();
    create(ensemble, client, '/e', CreateFlag.ephemeral);
    awaited<[]>(ensemble, (done) => client.session.close(done));
    expect(ensemble.of('session-closed')).toHaveLength(1);
    expect(ensemble.of('session-expired')).toHaveLength(0);
  });
});

describe('partitions', () => {
  test('a leader on the smaller side commits nothing, and its client hears of connection loss', () => {
    const { ensemble } = running();
    const leader = ensemble.leader().name;
    const others = ensemble.servers.map(({ name }) => name).filter((name) => name !== leader);
    const client = ensemble.client('client-2', { servers: [leader] });
    ensemble.run(2000);
    const cut = ensemble.cut([leader], others);
    const before = ensemble.commits.length;
    const [err] = awaited<[number, string, Stat | null]>(ensemble, (done) =>
      client.session.create('/minority', null, 0, done),
    );
    expect(err).toBe(ZkCode.CONNECTION_LOSS);
    expect(ensemble.commits.slice(before).filter(({ node }) => node === leader)).toEqual([]);
    ensemble.run(5000);
    const lost = ensemble.of('ensemble-leadership-lost')[0]!;
    expect(lost.node).toBe(leader);
    expect(others).toContain(ensemble.leader().name);
    cut.remove();
    ensemble.run(130_000);
    expect(exists(ensemble, client, '/minority')).toBe(ZkCode.NO_NODE);
  });

  test('a client that finds nobody is disconnected after two thirds of its time-out', () => {
    const { ensemble, client } = running();
    const cut = ensemble.cut(['client-1'], ['zk-1', 'zk-2', 'zk-3']);
    const cutAtUs = ensemble.world.nowUs;
    while (client.diary.length === 1) ensemble.run(100);
    const tookMs = (ensemble.world.nowUs - cutAtUs) / 1000;
    expect(tookMs).toBeGreaterThan(5900);
    expect(tookMs).toBeLessThan(12_200);
    cut.remove();
    ensemble.run(60_000);
    expect(client.diary.at(-1)).toMatch(/reconnected|expired/);
  });
});

describe('disks', () => {
  test('a restarted server catches up by DIFF', () => {
    const { ensemble, client } = running();
    const follower = ensemble.servers.find((server) => server !== ensemble.leader())!;
    create(ensemble, client, '/before');
    follower.kill();
    ensemble.run(5000);
    for (let i = 0; i < 20; i++) create(ensemble, client, `/n${i}`);
    ensemble.start(Number(follower.name.slice(3)));
    ensemble.run(2000);
    const syncing = ensemble.of('ensemble-follower-syncing').at(-1)!;
    expect(syncing.values.slice(0, 2)).toEqual([follower.name, 'DIFF']);
    const reader = ensemble.client('reader', { servers: [follower.name] });
    ensemble.run(2000);
    for (const path of ['/before', '/n0', '/n19']) expect(exists(ensemble, reader, path)).toBe(ZkCode.OK);
  });

  test.each([100_000, 20])('what was acknowledged survives a loss of power everywhere (snapCount %i)', (snapCount) => {
    const { ensemble, client } = running(3, { snapCount });
    for (let i = 0; i < 60; i++) expect(create(ensemble, client, `/n${i}`)).toBe(ZkCode.OK);
    for (const server of ensemble.servers) {
      server.disks[0]!.tear(true);
      server.powerOff();
    }
    ensemble.run(5000);
    for (const sid of [1, 2, 3]) ensemble.start(sid);
    ensemble.run(60_000);
    for (let i = 0; i < 60; i++) expect(exists(ensemble, client, `/n${i}`)).toBe(ZkCode.OK);
    expect(client.diary).toEqual(['connected', 'disconnected', 'reconnected']);
    const snapshots = ensemble.servers[0]!.disks[0]!.disk.list('version-2').filter((path) => path.includes('snapshot'));
    expect(snapshots.length > 0).toBe(snapCount === 20);
  });

  test('an emptied server gets a snapshot once the others have forgotten the beginning', () => {
    const { ensemble, client } = running();
    const follower = ensemble.servers.find((server) => server !== ensemble.leader())!;
    follower.kill();
    follower.wipe(0);
    ensemble.run(5000);
    let created = 0;
    for (let i = 0; i < 1200; i++) {
      client.session.create(`/n${i}`, null, 0, (err) => {
        if (err === ZkCode.OK) created++;
      });
    }
    ensemble.run(30_000);
    expect(created).toBe(1200);
    ensemble.start(Number(follower.name.slice(3)));
    ensemble.run(3000);
    expect(ensemble.of('ensemble-follower-syncing').at(-1)!.values.slice(0, 2)).toEqual([follower.name, 'SNAP']);
    follower.powerOff();
    ensemble.start(Number(follower.name.slice(3)));
    ensemble.run(3000);
    const reader = ensemble.client('reader', { servers: [follower.name] });
    ensemble.run(2000);
    const [, names] = awaited<[number, readonly string[], Stat | null]>(ensemble, (done) =>
      reader.session.getChildren('/', false, done),
    );
    expect(names).toHaveLength(1201);
  });
});

describe('requests', () => {
  test('answers come in the order of the requests, reads behind the writes before them', () => {
    const { ensemble, client } = running();
    const answers: string[] = [];
    const { session } = client;
    session.create('/a', bytes('1'), 0, (err) => answers.push(`create ${err}`));
    session.getData('/a', false, (err, data) =>
      answers.push(`get ${err} ${new TextDecoder().decode(data ?? bytes('-'))}`),
    );
    session.setData('/a', bytes('2'), 0, (err, stat) => answers.push(`set ${err} v${stat?.version}`));
    session.setData('/a', bytes('3'), 0, (err) => answers.push(`set ${err}`));
    session.sync('/a', (err) => answers.push(`sync ${err}`));
    session.getData('/a', false, (err, data) =>
      answers.push(`get ${err} ${new TextDecoder().decode(data ?? bytes('-'))}`),
    );
    session.delete('/a', 1, (err) => answers.push(`delete ${err}`));
    session.exists('/a', false, (err) => answers.push(`exists ${err}`));
    ensemble.run(1000);
    expect(answers).toEqual([
      'create 0',
      'get 0 1',
      'set 0 v1',
      'set -103',
      'sync 0',
      'get 0 2',
      'delete 0',
      'exists -101',
    ]);
  });

  test('a multi is all or nothing, and says what failed', () => {
    const { ensemble, client } = running();
    const multi = (ops: Parameters<typeof client.session.multi>[0]): [number, readonly OpResult[]] =>
      awaited<[number, readonly OpResult[]]>(ensemble, (done) => client.session.multi(ops, done));
    const [, made] = multi([createOp('/m', null, 0), setDataOp('/m', bytes('x'), 0), checkOp('/m', 1)]);
    expect(made.map(({ err }) => err)).toEqual([0, 0, 0]);
    expect(made[1]?.stat?.version).toBe(1);
    const [err, failed] = multi([createOp('/n', null, 0), checkOp('/m', 0), createOp('/o', null, 0)]);
    expect(err).toBe(ZkCode.BAD_VERSION);
    expect(failed.map((result) => result.err)).toEqual([0, ZkCode.BAD_VERSION, ZkCode.RUNTIME_INCONSISTENCY]);
    expect(exists(ensemble, client, '/n')).toBe(ZkCode.NO_NODE);
  });

  test('watches fire once, before the answer to the write, and what was missed fires after a reconnection', () => {
    const { ensemble, client } = running();
    create(ensemble, client, '/w');
    exists(ensemble, client, '/w', true);
    exists(ensemble, client, '/none', true);
    awaited(ensemble, (done: (err: number, children: readonly string[], stat: Stat | null) => void) =>
      client.session.getChildren('/', true, done),
    );
    client.session.setData('/w', null, -1, () => client.diary.push('set'));
    ensemble.run(1000);
    client.session.setData('/w', null, -1, () => client.diary.push('set'));
    ensemble.run(1000);
    expect(client.diary).toEqual(['connected', 'nodeDataChanged /w', 'set', 'set']);

    // While the client cannot be reached, somebody else creates what it waits for.
    const other = ensemble.client('client-2');
    ensemble.run(2000);
    const cut = ensemble.cut(['client-1'], ['zk-1', 'zk-2', 'zk-3']);
    create(ensemble, other, '/none');
    ensemble.world.network.reset((a, b) => a === 'client-1' || b === 'client-1');
    cut.remove();
    ensemble.run(5000);
    expect(client.diary.slice(4).sort()).toEqual([
      'disconnected',
      'nodeChildrenChanged /',
      'nodeCreated /none',
      'reconnected',
    ]);
  });
});

test('the same seed gives the same trace', () => {
  const hash = (seed: number): string => {
    const { ensemble, client } = running(seed);
    create(ensemble, client, '/a', CreateFlag.ephemeral | CreateFlag.sequential);
    ensemble.leader().kill();
    ensemble.run(40_000);
    return ensemble.world.trace.hash();
  };
  expect(hash(5)).toBe(hash(5));
  expect(hash(5)).not.toBe(hash(6));
});
