/** What the keys of a step, the expectations and the end of a run mean, on the smallest cluster there is. */
import { describe, expect, test } from 'vitest';
import { reportOf } from '../../src/scenario/report.ts';
import { play, start, stepsOf } from './play.ts';

const WEB = 'clients: { web: { produce: orders, rate: 100/s } }\n';
const THREE = `version: 1
name: three
cluster: { brokers: 3, quorum: 1, timers: fast }
topics: { orders: { partitions: 1, config: { min.insync.replicas: 2 } } }
`;

describe('when a step runs', () => {
  test('at, after and wait; a verb that blocks holds the next one up', () => {
    const report = play(`steps:
  - at: 1s
    say: one
  - after: 2s
    say: two
  - wait: 500ms
  - expect: orders-0.leader == 1 for 1s
  - at: 10s
    say: three
`);
    expect(report.result).toBe('passed');
    expect(stepsOf(report)).toEqual([
      'say one: done at 1000',
      'say two: done at 3000',
      'wait 500ms: done at 3000',
      'expect orders-0.leader == 1 for 1s: done at 3500',
      'say three: done at 10000',
    ]);
    expect(report.virtualMs).toBe(10_000);
  });

  test('a step whose time has passed ends the run as an error', () => {
    const report = play(`steps:
  - expect: orders-0.leader == 1 for 3s
  - at: 1s
    say: late
`);
    expect(report.result).toBe('error');
    expect(report.reason).toBe('line 8: the step at 1s comes too late: the one before it ended at 3s');
    expect(stepsOf(report)[1]).toBe('say late: skipped');
  });

  test('when waits for the state of the cluster, and for a change where it says becomes', () => {
    const report = play(`steps:
  - kill: broker-1
    during: 3s
  - when: broker-1.state becomes running
    say: back
`);
    expect(report.result).toBe('passed');
    expect(report.steps[1]?.atMs).toBeGreaterThanOrEqual(3000);
  });

  test('a when that never comes makes the run inconclusive and skips the rest', () => {
    const report = play(`steps:
  - when: orders-0.leader == 2
    timeout: 5s
    say: never
  - say: nor this
`);
    expect(report.result).toBe('inconclusive');
    expect(report.reason).toBe('line 7: "orders-0.leader == 2" did not come true within 5s (observed 1)');
    expect(report.steps.map(({ result }) => result)).toEqual(['skipped', 'skipped']);
    expect(report.virtualMs).toBe(5000);
  });

  test('every repeats; the next step waits for the last, unless it is in the background', () => {
    const report = play(`steps:
  - every: 1s
    times: 3
    say: x
  - say: after two seconds
  - every: 1s
    times: 3
    background: true
    wait: 100ms
  - say: at once
`);
    expect(report.steps.map(({ atMs }) => atMs)).toEqual([0, 2000, 2000, 2000]);
    // What runs beside the steps and has an end is waited for.
    expect(report.virtualMs).toBe(4100);
  });

  test('repeat plays its steps in rounds', () => {
    const run = start(`steps:
  - repeat: { times: 3, every: 4s, steps: [ { restart: broker-1 }, { expect: broker-1.state == running within 3s } ] }
  - say: done
`);
    run.finish();
    expect(run.result).toBe('passed');
    expect(run.cluster.model.nodes.all.get('broker-1')?.incarnation).toBe(4);
    expect(run.steps.at(-1)?.atUs).toBeGreaterThanOrEqual(8_000_000);
  });

  test('armed steps run when their moment comes, whatever the steps do', () => {
    const report = play(`steps:
  - at: 2s
    restart: broker-1
  - wait: 10s
on:
  - when: broker-1.state becomes stopped
    let: { then: orders-0.epoch }
`);
    expect(report.result).toBe('passed');
    expect(report.steps[2]).toMatchObject({ result: 'done' });
    expect(report.steps[2]?.atMs).toBeLessThan(12_000);
  });

  test('an armed step that never came shows nothing', () => {
    const report = play(`steps: [ { wait: 70s } ]
on: [ { when: orders-0.leader == 7, say: never } ]
`);
    expect(report.result).toBe('inconclusive');
    expect(report.reason).toBe('line 7: "orders-0.leader == 7" never came to pass');
  });

  test('skip and if leave a step out; only leaves the others out', () => {
    const left = play(
      `steps:
  - if: mode == zookeeper
    expect: znode(/controller).exists
  - skip: true
    say: no
  - say: yes
`,
      { head: THREE },
    );
    expect(left.steps.map(({ result }) => result)).toEqual(['skipped', 'skipped', 'done']);
    expect(left.expectations[0]?.result).toBe('skipped');
    const only = play('steps:\n  - say: a\n  - only: true\n    say: b\n  - say: c\n');
    expect(only.steps.map(({ result }) => result)).toEqual(['skipped', 'done', 'skipped']);
  });
});

describe('expectations', () => {
  test('a failed one skips the steps behind it; finally is judged all the same', () => {
    const report = play(`steps:
  - expect: orders-0.leader == 2 within 3s
  - expect: orders-0.leader == 1
finally:
  - orders-0.leader == 1
`);
    expect(report.result).toBe('failed');
    expect(report.reason).toBe('line 7: orders-0.leader == 2 within 3s: observed 1, expected == 2');
    expect(report.expectations.map(({ kind, result, atMs }) => [kind, result, atMs])).toEqual([
      ['step', 'failed', 3000],
      ['step', 'skipped', null],
      ['finally', 'passed', 3000],
    ]);
    expect(report.expectations[0]?.causes.length).toBeGreaterThan(0);
  });

  test('waitFor waits up to its timeout, and never fails a run', () => {
    const report = play(`steps:
  - waitFor: orders-0.leader == 2
    timeout: 2s
`);
    expect([report.result, report.virtualMs]).toEqual(['inconclusive', 2000]);
  });

  test('always: a lapse longer than allowed is told when it is too long', () => {
    const steps = `steps:
  - at: 1s
    kill: broker-1
  - after: 3s
    start: broker-1
  - wait: 3s
`;
    const strict = play(`${steps}always: [ broker-1.state == running within 2s ]\n`);
    expect(strict.expectations[0]).toMatchObject({ kind: 'always', result: 'failed', atMs: 3000, observed: 'stopped' });
    const patient = play(`${steps}always: [ broker-1.state == running within 4s ]\n`);
    expect(patient.result).toBe('passed');
    const narrow = play(`${steps}always: [ { expr: broker-1.state == running, until: 500ms } ]\n`);
    expect(narrow.result).toBe('passed');
  });

  test('always: a $name counts from its binding on', () => {
    const report = play(`steps:
  - wait: 1s
  - let: { leader: orders-0.leader }
  - wait: 1s
always: [ $leader == 2 ]
`);
    expect(report.expectations[0]).toMatchObject({ result: 'failed', atMs: 1000, observed: '1', expected: '== 2' });
  });

  test('always: what was never there shows nothing', () => {
    const report = play(`steps:
  - expect: orders-0.leader == 1
  - if: orders-0.leader == 2
    createTopic: later
always: [ later.records == 0 ]
`);
    expect(report.result).toBe('inconclusive');
    expect(report.reason).toContain('there never was topic later');
  });

  test('a topic that a step creates can be spoken of, before and behind its life', () => {
    const report = play(`steps:
  - createTopic: later
  - expect: later-0.leader == 1 within 5s
  - deleteTopic: later
  - expect: later-0.leader == none within 5s
`);
    expect(report.result).toBe('passed');
  });
});

describe('faults', () => {
  test('during undoes a fault; the next step does not wait for it, the end of the run does', () => {
    const report = play(`steps:
  - kill: broker-1
    during: 3s
    as: dead
  - expect: $dead == 1 and broker-1.state == stopped
`);
    expect(report.result).toBe('passed');
    expect(report.steps[0]?.resolved).toEqual(['broker-1']);
    expect(report.virtualMs).toBeGreaterThanOrEqual(3000);
  });

  test('one that changes nothing makes the run inconclusive', () => {
    const report = play('steps:\n  - pause: broker-1\n  - pause: broker-1\n');
    expect(report.result).toBe('inconclusive');
    expect(report.steps.map(({ result }) => result)).toEqual(['done', 'no-effect']);
    expect(report.reason).toBe('line 8: pause broker-1 had no effect: it did not run');
  });

  test('a rule that nothing met does, too; of repeated ones one that met something is enough', () => {
    const nothing = play('steps:\n  - inject: { api: DeleteTopics, error: NOT_CONTROLLER }\n    during: 1s\n');
    expect([nothing.result, nothing.steps[0]?.result]).toEqual(['inconclusive', 'no-effect']);
    const one = play(`${WEB}steps:
  - every: 2s
    times: 3
    inject: { api: Produce, error: NOT_LEADER_OR_FOLLOWER, count: 1 }
  - stop: web
  - inject: { api: Produce, error: NOT_LEADER_OR_FOLLOWER, count: 1 }
    skip: true
`);
    expect(one.result).toBe('passed');
  });

  test('brokers and clients stand for all of them', () => {
    const report = play(`clients:
  web: { produce: orders, rate: 50/s, config: { acks: all } }
steps:
  - at: 1s
    delay: { from: clients, to: brokers, latency: 50ms }
    during: 1s
  - after: 500ms
    pause: brokers
    during: 100ms
  - after: 1s
    isolate: clients
    during: 100ms
  - wait: 2s
`);
    expect([report.result, report.reason]).toEqual(['passed', null]);
    expect(report.steps.map(({ resolved }) => resolved.join())).toEqual(['web,broker-1', 'broker-1', 'web', '']);
  });

  test('a target that nothing matches is waited for, up to the timeout', () => {
    const came = play('steps:\n  - kill: broker-1\n    during: 2s\n  - kill: broker-1\n');
    expect(came.steps.map(({ result }) => result)).toEqual(['done', 'done']);
    const never = play('steps:\n  - kill: broker-1\n  - kill: broker-1\n    timeout: 2s\n  - say: never\n');
    expect(never.result).toBe('inconclusive');
    expect(never.reason).toBe(
      'line 8: kill broker-1 --timeout 2s: nothing matched broker-1 within 2s: broker-1 is stopped',
    );
    expect(never.steps[2]?.result).toBe('skipped');
  });

  test('a verb that is refused fails the run', () => {
    const report = play('steps:\n  - createTopic: orders\n');
    expect([report.result, report.steps[0]?.result]).toEqual(['failed', 'failed']);
    expect(report.reason).toContain('TOPIC_ALREADY_EXISTS');
  });
});

describe('the end of a run', () => {
  test('heals, starts what was stopped, and leaves killed clients dead', () => {
    const run = start(
      `${WEB}steps:
  - at: 2s
    kill: broker-3
  - isolate: broker-2
  - pause: broker-1
  - kill: web
finally: [ ledger.lost == 0, orders-0.isr.size == 3 ]
`,
      { head: THREE.replace('quorum: 1', 'quorum: 1, config: { replica.lag.time.max.ms: 2000 }') },
    );
    run.finish();
    expect(run.result).toBe('passed');
    const states = ['broker-1', 'broker-2', 'broker-3', 'web'].map((node) => run.cluster.model.nodes.state(node));
    expect(states).toEqual(['running', 'running', 'running', 'stopped']);
  });

  test('a producer that had nothing acknowledged makes the run inconclusive', () => {
    const report = play(`${WEB}steps: [ { kill: web }, { wait: 1s } ]\n`);
    expect(report.result).toBe('inconclusive');
    expect(report.reason).toBe('web had nothing acknowledged: the run shows nothing');
  });

  test('the same run has the same trace, however it is driven; another seed has another', () => {
    const body = `${WEB}steps:
  - at: 1s
    restart: random(brokers)
  - expect: orders-0.isr.size == 3 within 30s
`;
    const whole = start(body, { head: THREE });
    whole.finish();
    const sliced = start(body, { head: THREE });
    sliced.boot();
    for (let untilUs = sliced.cluster.world.nowUs; !sliced.finished; untilUs += 1_237)
      while (sliced.advance(untilUs, 7) === 7);
    expect(sliced.result).toBe('passed');
    expect(reportOf(sliced, 0)).toEqual(reportOf(whole, 0));
  });
});
