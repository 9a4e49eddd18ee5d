/** After the last step: every fault is healed, every node runs, producers stop, replicas converge; then `finally` is judged. */
import { parseExpression } from '../cluster/expression/parser.ts';
import { brokerNode } from '../cluster/options.ts';
import { scenarioEvents } from '../tools/events.ts';
import type { ScenarioRun } from './player.ts';
import { type ExpectationRecord, pendingExpectation } from './run-records.ts';

/** A node that did not come up (its old session had not ended) is started again after this. */
const RETRY_US = 1_000_000;
/** How long the replicas may take to hold the same, in virtual time, before that alone fails the run. */
const CONVERGENCE_LIMIT_US = 600_000_000;

export class Finale {
  readonly #run: ScenarioRun;
  readonly #over: () => void;
  #judging = false;
  #producersStopped = false;
  /** The ledger is expensive to close: once a tenth of a second is enough for whoever watches it. */
  #closedAtUs = -1;

  constructor(run: ScenarioRun, over: () => void) {
    this.#run = run;
    for (const { line, text } of run.plan.finally) run.expectations.push(pendingExpectation(line, 'finally', text));
    this.#over = over;
  }

  begin(): void {
    const { cluster } = this.#run;
    const { world } = cluster;
    world.cause = world.emit(scenarioEvents['healing-begun'], []);
    cluster.effects.heal('all');
    this.#reviveNodes();
    const runs = (node: string) => cluster.model.nodes.running(node);
    cluster.clients.stopSending(runs, () => {
      this.#producersStopped = true;
    });
    const deadlineUs = world.nowUs + CONVERGENCE_LIMIT_US;
    this.#run.runner.watches.add(
      new Set(['authority', 'nodes', 'replicas', 'logs', 'clients', 'time'] as const),
      (nowUs) => {
        const converged = this.#producersStopped && this.#hasConverged();
        if (this.#run.finished) return 'done';
        if (!converged && nowUs < deadlineUs) return { nextUs: deadlineUs };
        world.emit(scenarioEvents['cluster-converged'], [converged]);
        if (!converged) this.#run.failures.push(`the cluster did not converge: ${this.#whyNot()}`);
        this.#judge();
        return 'done';
      },
    );
  }

  /** Something ended the run before: what was not judged is not. */
  cut(): void {
    this.#judging = true;
    for (const record of this.#run.expectations)
      if (record.kind === 'finally' && record.result === 'pending') record.result = 'skipped';
  }

  /** Nodes that were stopped or paused run again; clients that were killed stay dead. */
  #reviveNodes(): void {
    if (this.#judging) return;
    const { cluster } = this.#run;
    for (const { name, kind, control } of cluster.nodes.values()) {
      if (control.state === 'paused') control.resume();
      const ended = control.state === 'stopped' || control.state === 'off';
      if (ended && kind !== 'client') cluster.start(name);
    }
    cluster.world.at(cluster.world.nowUs + RETRY_US, () => this.#reviveNodes(), undefined);
  }

  #hasConverged(): boolean {
    return this.#whyNot() === '';
  }

  #whyNot(): string {
    const { model, options } = this.#run.cluster;
    for (const { id } of options.brokers)
      if (!model.serving.has(brokerNode(id))) return `${brokerNode(id)} does not serve`;
    for (const record of model.authority.partitions.values()) {
      if (record.leader < 0) return `${record.name} has no leader`;
      if (record.isr.length < record.replicas.length) return `the ISR of ${record.name} is [${record.isr.join(', ')}]`;
      const leader = model.replicas.get(record.name, record.leader);
      if (leader === undefined || leader.highWatermark < leader.logEndOffset)
        return `${record.name} has records that are not committed`;
      for (const id of record.replicas)
        if ((model.replicas.get(record.name, id)?.logEndOffset ?? 0) !== leader.logEndOffset)
          return `replica ${id} of ${record.name} does not hold what its leader holds`;
    }
    return this.#producersStopped ? '' : 'a producer waits for answers';
  }

  #judge(): void {
    this.#judging = true;
    const { cluster, runner, checker, expectations, failures } = this.#run;
    const records = expectations.filter(({ kind }) => kind === 'finally');
    cluster.model.ledger = () => {
      if (cluster.world.nowUs - this.#closedAtUs >= 100_000 || this.#closedAtUs < 0) {
        this.#closedAtUs = cluster.world.nowUs;
        checker.finish(cluster.world.nowUs);
      }
      return checker.ledger();
    };
    let waiting = records.length;
    const decided = () => {
      waiting -= 1;
      if (waiting <= 0) this.#end();
    };
    for (const record of records) {
      const expression = parseExpression(record.text);
      runner.judge(
        runner.condition(expression, 'finally'),
        runner.window(expression),
        ({ passed, observed, expected }) => {
          this.#record(record, passed, observed, expected);
          if (!passed)
            failures.push(`line ${record.line}: finally ${record.text}: observed ${observed}, expected ${expected}`);
          decided();
        },
      );
    }
    if (records.length === 0) this.#end();
  }

  #record(record: ExpectationRecord, passed: boolean, observed: string, expected: string): void {
    const { cluster } = this.#run;
    record.result = passed ? 'passed' : 'failed';
    record.observed = observed;
    record.expected = expected;
    record.atUs = cluster.timeUs;
    record.event = cluster.trace.count;
    cluster.world.emit(scenarioEvents['expectation-judged'], [record.line, record.text, record.result, observed]);
  }

  #end(): void {
    this.#run.checker.finish(this.#run.cluster.world.nowUs);
    this.#over();
  }
}
