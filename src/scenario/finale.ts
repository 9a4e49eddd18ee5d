/** After the last step: every fault is healed, every node runs, producers stop, replicas converge; then `finally` is judged. */
import { parseExpression } from '../cluster/expression/parser.ts';
import { Healing } from '../cluster/healing.ts';
import { scenarioEvents } from '../tools/events.ts';
import type { ScenarioRun } from './player.ts';
import { type ExpectationRecord, pendingExpectation } from './run-records.ts';

/** How long the replicas may take to hold the same, in virtual time, before that alone fails the run. */
const CONVERGENCE_LIMIT_US = 600_000_000;

export class Finale {
  readonly #run: ScenarioRun;
  readonly #over: () => void;
  readonly #healing: Healing;
  /** The ledger is expensive to close: once a tenth of a second is enough for whoever watches it. */
  #closedAtUs = -1;

  constructor(run: ScenarioRun, over: () => void) {
    this.#run = run;
    this.#healing = new Healing(run.cluster);
    for (const { line, text } of run.plan.finally) run.expectations.push(pendingExpectation(line, 'finally', text));
    this.#over = over;
  }

  begin(): void {
    const { cluster } = this.#run;
    const { world } = cluster;
    world.cause = world.emit(scenarioEvents['healing-begun'], []);
    this.#healing.begin();
    const deadlineUs = world.nowUs + CONVERGENCE_LIMIT_US;
    this.#run.runner.watches.add(
      new Set(['authority', 'nodes', 'replicas', 'logs', 'clients', 'transactions', 'time'] as const),
      (nowUs) => {
        const missing = this.#healing.whyNot();
        const converged = missing === '';
        if (this.#run.finished) return 'done';
        if (!converged && nowUs < deadlineUs) return { nextUs: deadlineUs };
        world.emit(scenarioEvents['cluster-converged'], [converged]);
        if (!converged) this.#run.failures.push(`the cluster did not converge: ${missing}`);
        this.#judge();
        return 'done';
      },
    );
  }

  /** Something ended the run before: what was not judged is not. */
  cut(): void {
    this.#healing.end();
    for (const record of this.#run.expectations)
      if (record.kind === 'finally' && record.result === 'pending') record.result = 'skipped';
  }

  #judge(): void {
    this.#healing.end();
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
    if (!passed) record.causes = this.#run.causesOf(record.text);
    cluster.world.emit(scenarioEvents['expectation-judged'], [record.line, record.text, record.result, observed]);
  }

  #end(): void {
    this.#run.checker.finish(this.#run.cluster.world.nowUs);
    this.#over();
  }
}
