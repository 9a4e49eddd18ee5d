/** What must hold at every moment from time 0 to the last step. */
import type { Node } from '../cluster/expression/ast.ts';
import { invariantCondition } from '../cluster/expression/monitor.ts';
import { parseExpression } from '../cluster/expression/parser.ts';
import { scenarioEvents } from './events.ts';
import type { ScenarioRun } from './player.ts';
import type { ExpectationRecord } from './run-records.ts';

export class StandingWatch {
  readonly #run: ScenarioRun;
  readonly #records: ExpectationRecord[] = [];
  readonly #stops: (() => void)[] = [];

  constructor(run: ScenarioRun, kind: 'always') {
    this.#run = run;
    for (const { line, text } of run.plan.always) {
      const record: ExpectationRecord = {
        line,
        kind,
        text,
        result: 'pending',
        atUs: undefined,
        observed: '',
        expected: '',
        event: 0,
      };
      this.#records.push(record);
      run.expectations.push(record);
    }
  }

  begin(): void {
    for (const [index, standing] of this.#run.plan.always.entries()) {
      const { cluster, runner } = this.#run;
      const record = this.#records[index]!;
      const expression = parseExpression(standing.text);
      const condition = runner.condition(expression, 'always');
      const names = bindingsOf(expression.root);
      // A $name counts from its binding on.
      const test = () => names.some((name) => !runner.bindings.has(name)) || condition.test();
      const graceUs = runner.window(expression).withinUs ?? 0;
      const zeroUs = cluster.zeroUs!;
      const untilUs = standing.untilUs === undefined ? undefined : zeroUs + standing.untilUs;
      const monitor = invariantCondition(test, graceUs, zeroUs + (standing.fromUs ?? 0), untilUs);
      const stop = runner.watches.add(condition.domains, (nowUs) => {
        const judgement = monitor.judge(nowUs);
        if (judgement === 'pending') return { nextUs: monitor.deadlineUs };
        record.observed = condition.observed();
        record.expected = condition.expected();
        this.#decide(record, judgement === 'passed');
        return 'done';
      });
      this.#stops.push(stop);
    }
  }

  /** The last step is over: what was not broken held. */
  end(): void {
    for (const stop of this.#stops) stop();
    for (const record of this.#records) if (record.result === 'pending') this.#decide(record, true);
  }

  #decide(record: ExpectationRecord, passed: boolean): void {
    const { cluster, failures } = this.#run;
    record.result = passed ? 'passed' : 'failed';
    record.atUs = cluster.timeUs;
    record.event = cluster.trace.count;
    cluster.world.emit(scenarioEvents['expectation-judged'], [
      record.line,
      record.text,
      record.result,
      record.observed,
    ]);
    if (!passed)
      failures.push(
        `line ${record.line}: always ${record.text}: observed ${record.observed}, expected ${record.expected}`,
      );
  }
}

function bindingsOf(node: Node): readonly string[] {
  switch (node.kind) {
    case 'binding':
      return [node.name];
    case 'list':
      return node.items.flatMap(bindingsOf);
    case 'not':
      return bindingsOf(node.operand);
    case 'logic':
    case 'compare':
    case 'arithmetic':
      return [...bindingsOf(node.left), ...bindingsOf(node.right)];
    default:
      return [];
  }
}
