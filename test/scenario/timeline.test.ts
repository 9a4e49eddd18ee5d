/** Time at the prompt: the past is executed again event by event, and acting in it leaves the branch that it was as it was. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newTimeline, ScriptHost } from '../../src/cli/repl/script-host.ts';
import { defaultClusterOptions, type Mode } from '../../src/cluster/options.ts';
import { hostPorts } from '../../src/gateway/ports.ts';
import type { TraceEvent } from '../../src/kernel/api.ts';
import { ScenarioRun } from '../../src/scenario/player.ts';
import { readScenario } from '../../src/scenario/read.ts';
import { reportOf } from '../../src/scenario/report.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kzsim-time-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function begin(mode: Mode): ScriptHost {
  const orders = { name: 'orders', partitions: 3, replicationFactor: 3, assignment: undefined, config: {} };
  return new ScriptHost(newTimeline({ ...defaultClusterOptions(mode, 7), timers: 'fast', topics: [orders] }));
}

/** Runs a line that has to succeed. */
function run(host: ScriptHost, line: string): readonly string[] {
  const { ok, lines } = host.finish(line);
  if (!ok) throw new Error(`${line}: ${lines.join('; ')}`);
  return lines;
}

function state({ timeline }: ScriptHost) {
  const { trace, model, timeUs } = timeline.cluster;
  const leaders = [...model.authority.partitions.values()].map(({ name, leader }) => `${name} ${leader}`);
  return { timeUs, events: trace.count, hash: trace.hash(), leaders };
}

/** A failover and what follows from it. */
function breakIt(host: ScriptHost): void {
  run(host, 'wait 1s');
  run(host, 'kill leader(orders-0) --as dead');
  run(host, 'expect orders-0.leader != $dead within 25s');
  run(host, 'produce orders --key a --value b');
  run(host, 'wait 1s');
  run(host, 'start $dead');
  run(host, 'wait 3s');
}

describe.each<Mode>(['kraft', 'zookeeper'])('time in %s mode', (mode) => {
  test('goes back and forth over the same moments', () => {
    const host = begin(mode);
    const seen = [state(host)];
    run(host, 'wait 1s');
    seen.push(state(host));
    run(host, 'kill leader(orders-0) --as dead');
    for (let step = 0; step < 6; step++) {
      run(host, 'time step 500ms');
      seen.push(state(host));
    }
    const latest = seen.at(-1)!;
    for (const at of [3, 6, 2, 7, 0, 5, 1]) {
      run(host, `time goto ${seen[at]!.timeUs}us`);
      expect(state(host)).toEqual(seen[at]);
    }
    run(host, 'time now');
    expect(state(host)).toEqual(latest);
    expect(host.timeline.branches.all).toHaveLength(1);
  });

  test('steps from one notable event to the next, and back over them', () => {
    const host = begin(mode);
    breakIt(host);
    run(host, 'time goto 1s');
    const forwards = [state(host)];
    for (let step = 0; step < 8; step++) {
      run(host, 'time step');
      forwards.push(state(host));
    }
    // The first step is what was typed at the moment where time stood; every other one is a later moment.
    expect(new Set(forwards.map(({ timeUs }) => timeUs)).size).toBe(8);
    for (const moment of forwards.slice(1, -1).reverse()) {
      run(host, 'time back');
      expect(state(host)).toEqual(moment);
    }
  });

  test('goes to an event, and says where there is none', () => {
    const host = begin(mode);
    breakIt(host);
    const latest = state(host);
    const killed = host.timeline.session.events.find(({ kind }) => kind.name === 'process-killed')!;
    run(host, `time goto #${killed.id}`);
    expect(host.timeline.nowUs).toBe(killed.atUs);
    expect(host.timeline.session.events.at(-1)!.id).toBeGreaterThanOrEqual(killed.id);
    expect(host.finish(`time goto #${latest.events + 1}`)).toMatchObject({ ok: false });
    run(host, `time goto #${latest.events}`);
    expect(state(host)).toMatchObject({ events: latest.events, hash: latest.hash });
  });

  test('forks where somebody acts in the past, and leaves the parent as it was', () => {
    const host = begin(mode);
    breakIt(host);
    const main = state(host);
    run(host, 'time goto 1s');
    run(host, 'kill follower(orders-0) --as dead');
    run(host, 'wait 2s');
    const fork = state(host);
    expect(host.timeline.branch.name).toBe('branch-2');
    expect(fork.hash).not.toBe(main.hash);
    expect(run(host, 'branches')).toEqual([
      expect.stringMatching(/^ {2}main .* last: wait 3s$/),
      expect.stringMatching(/^\* branch-2 .* from main at 1\.000s, last: wait 2s$/),
    ]);
    run(host, 'checkout main');
    expect(state(host)).toEqual(main);
    run(host, 'checkout branch-2');
    expect(state(host)).toEqual(fork);
    expect(run(host, 'history').map((line) => line.trim())).toEqual([
      '0.000s  wait 1s',
      '1.000s  kill follower(orders-0) --as dead',
      '1.000s  wait 2s',
    ]);
  });

  test('questions and mistakes in the past are no acts', () => {
    const host = begin(mode);
    breakIt(host);
    run(host, 'time back 2s');
    const there = state(host);
    for (const question of ['status', 'why orders-0', 'ledger', 'history', 'time', 'events 3']) run(host, question);
    for (const mistake of ['kil 1', 'kill nope(1)', 'kill', 'time sideways', 'checkout nowhere', 'save'])
      expect(host.finish(mistake).ok, mistake).toBe(false);
    expect(state(host)).toEqual(there);
    expect(host.timeline.branches.all).toHaveLength(1);
    run(host, 'time now');
  });

  test('an empty cluster is a branch of its own', () => {
    const host = begin(mode);
    const zero = state(host);
    breakIt(host);
    const main = state(host);
    run(host, 'reset-cluster');
    expect(state(host)).toEqual(zero);
    expect(run(host, 'history')).toEqual([]);
    run(host, 'checkout main');
    expect(state(host)).toEqual(main);
  });

  test('a saved branch is a valid scenario that does the same', () => {
    const host = begin(mode);
    const path = join(folder, `${mode}.yaml`);
    breakIt(host);
    expect(host.finish('expect cluster.brokers.size == 9').ok).toBe(false);
    const { timeline } = host;
    expect(run(host, `save ${path}`)).toEqual([
      `${path}: 7 steps; kzsim play ${path} does it again`,
      expect.stringContaining('expect cluster.brokers.size == 9'),
    ]);
    expect(host.finish(`save ${path}`).ok).toBe(false);
    run(host, `save ${path} --force`);
    const plan = readScenario(path, readFileSync(path, 'utf8'));
    expect(plan).toMatchObject({ modes: [mode], seed: 7 });
    const played = new ScenarioRun(plan, { mode, seed: plan.seed, ports: hostPorts });
    played.finish();
    const report = reportOf(played, 0);
    expect(report.result).toBe('passed');
    expect(report.steps.map(({ text, atMs }) => [text.replace(/ --background$/, ''), atMs])).toEqual(
      timeline.branch.inputs
        .slice(0, 7)
        .map(({ input, atUs }) => [
          input.kind === 'line' ? input.text : '',
          expect.closeTo((atUs - timeline.cluster.zeroUs!) / 1000, 0),
        ]),
    );
    const before = timeline.session.events.filter(({ kind }) => kind.name === 'process-killed');
    const [killed] = report.steps.filter(({ text }) => text.startsWith('kill'));
    expect(killed!.resolved).toEqual(before.map(({ node }) => node));
  });

  test('every kind of line is in what is saved, or named: played, it does the same at the same times', () => {
    const host = begin(mode);
    const path = join(folder, `${mode}-lines.yaml`);
    const failing = ['killl 1', 'expect orders-0.leader == 7', 'kafka-topics --describe --topic nothing'];
    for (const line of [
      'kafka-topics --create --topic bills --partitions 2 --replication-factor 2 --config retention.ms=1000',
      'addClient web --produce orders --rate 20/s',
      'watch orders-0.leader',
      'kafka-console-producer --topic bills --property parse.key=true --property key.separator=: <<EOF\nk1:v one\nk2:v # "two"\nEOF',
      `echo "it's" | kafka-console-producer --topic bills`,
      'snapshot before',
      'kill leader(orders-0) --as dead',
      'expect orders-0.leader != $dead within 25s',
      'delay --between clients,brokers --latency 5ms --during 1s',
      'killl 1',
      'expect orders-0.leader == 7',
      'kafka-topics --describe --topic bills | head -1',
      'let before = orders-0.epoch',
      'start $dead # again',
      'wait 2s',
      ...(mode === 'zookeeper' ? ['zk create /mine "hello there"'] : []),
      'say over',
      'kafka-topics --describe --topic nothing',
      'settle',
    ])
      expect(host.finish(line).ok).toBe(!failing.includes(line));
    const saved = run(host, `save ${path}`);
    expect(saved.slice(1)).toEqual([
      expect.stringMatching(/^not in it: .*expect orders-0.leader == 7 \(observed [23], expected == 7\)$/),
      expect.stringMatching(/^not in it: .*--topic nothing \(Error while executing topic command/),
      expect.stringMatching(/^not in it: .* settle \(only the prompt has it\)$/),
    ]);
    const plan = readScenario(path, readFileSync(path, 'utf8'));
    const played = new ScenarioRun(plan, { mode, seed: plan.seed, ports: hostPorts });
    const events: TraceEvent[] = [];
    played.cluster.trace.subscribe('all', (event) => void events.push(event));
    played.finish();
    expect(played.result).toBe('passed');
    // Whatever was told of the cluster until the last line that is in it was told when it is played, at the same time.
    const notable = (events: readonly TraceEvent[], untilUs: number) =>
      events
        .filter(
          ({ kind, atUs }) =>
            kind.level === 'notable' && !/^(step|expectation|cluster|healing)-/.test(kind.name) && atUs < untilUs,
        )
        .map(({ atUs, node, kind, values }) => `${atUs} ${node} ${kind.name} ${values.join(' ')}`);
    const over = host.timeline.branch.inputs.find(({ input }) => input.kind === 'line' && input.text === 'say over')!;
    expect(notable(events, over.atUs)).toEqual(notable(host.timeline.session.events, over.atUs));
    expect(played.cluster.snapshots.get('before')).toEqual(host.timeline.cluster.snapshots.get('before'));
  });

  test('a saved file can be written nowhere else', () => {
    const host = begin(mode);
    const path = join(folder, `${mode}-blocked`);
    writeFileSync(path, '');
    expect(host.finish(`save ${path}/x.yaml`)).toMatchObject({ ok: false });
  });
});
