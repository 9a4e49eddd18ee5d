/** What must hold at every moment from time 0 to the last step. */
import type { Cluster } from '../cluster/cluster.ts';
import type { Node } from '../cluster/expression/ast.ts';
import type { Condition } from '../cluster/expression/compile.ts';
import { invariantCondition, type Monitor } from '../cluster/expression/monitor.ts';
import { parseExpression } from '../cluster/expression/parser.ts';
import type { Spoken } from '../cluster/observables/resolve.ts';
import { scenarioEvents } from '../tools/events.ts';
import type { Standing } from './plan.ts';
import type { ScenarioRun } from './player.ts';
import { type ExpectationRecord, pendingExpectation } from './run-records.ts';

interface Watched {
  readonly record: ExpectationRecord;
  readonly standing: Standing;
  /** What it speaks of and has not been seen yet. */
  unseen: readonly Spoken[];
  condition: Condition | undefined;
  monitor: Monitor | undefined;
  stop: () => void;
}

export class StandingWatch {
  readonly #run: ScenarioRun;
  readonly #watched: readonly Watched[];

  constructor(run: ScenarioRun) {
    this.#run = run;
    this.#watched = run.plan.always.map((standing) => {
      const record = pendingExpectation(standing.line, 'always', standing.text);
      run.expectations.push(record);
      return { record, standing, unseen: [], condition: undefined, monitor: undefined, stop: () => {} };
    });
  }

  begin(): void {
    for (const watched of this.#watched) this.#watch(watched);
  }

  /** The last step is over: what was not broken held. `cut`: something ended the run before. */
  end(cut = false): void {
    for (const watched of this.#watched) {
      watched.stop();
      const { record, standing, condition } = watched;
      this.#look(watched);
      if (record.result === 'pending') {
        // The last moment counts, too.
        const broken = watched.monitor?.judge(this.#run.cluster.world.nowUs) === 'failed';
        if (cut && !broken) record.result = 'skipped';
        else this.#decide(watched, !broken);
      }
      for (const { kind, name } of watched.unseen)
        this.#run.doubts.push(`line ${standing.line}: always ${standing.text}: there never was ${kind} ${name}`);
      const unbound = condition && this.#unbound(parseExpression(standing.text).root);
      if (unbound?.[0] !== undefined)
        this.#run.doubts.push(`line ${standing.line}: always ${standing.text}: $${unbound[0]} was never bound`);
    }
  }

  #watch(watched: Watched): void {
    const { runner } = this.#run;
    const expression = parseExpression(watched.standing.text);
    const spoken: Spoken[] = [];
    const condition = runner.condition(expression, 'always', (one) => spoken.push(one));
    watched.unseen = spoken;
    watched.condition = condition;
    let names = this.#unbound(expression.root);
    // A $name counts from its binding on.
    const test = () => {
      if (names.length > 0) names = names.filter((name) => !runner.bindings.has(name));
      return names.length > 0 || condition.test();
    };
    const monitor = this.#monitor(watched.standing, test, runner.window(expression).withinUs ?? 0);
    watched.monitor = monitor;
    watched.stop = runner.watches.add(condition.domains, (nowUs) => {
      this.#look(watched);
      const judgement = monitor.judge(nowUs);
      if (judgement === 'pending') return { nextUs: monitor.deadlineUs };
      this.#decide(watched, judgement === 'passed');
      return 'done';
    });
  }

  #monitor({ fromUs = 0, untilUs }: Standing, test: () => boolean, graceUs: number): Monitor {
    const zeroUs = this.#run.cluster.zeroUs!;
    return invariantCondition(test, graceUs, zeroUs + fromUs, untilUs === undefined ? undefined : zeroUs + untilUs);
  }

  #look(watched: Watched): void {
    if (watched.unseen.length > 0)
      watched.unseen = watched.unseen.filter((spoken) => !exists(this.#run.cluster, spoken));
  }

  #unbound(node: Node): readonly string[] {
    return bindingsOf(node).filter((name) => !this.#run.runner.bindings.has(name));
  }

  #decide({ record, condition }: Watched, passed: boolean): void {
    const { cluster, failures } = this.#run;
    record.result = passed ? 'passed' : 'failed';
    record.observed = condition?.observed() ?? '';
    record.expected = condition?.expected() ?? '';
    record.atUs = cluster.timeUs;
    if (!passed) record.causes = this.#run.causesOf(record.text);
    const { line, text, result, observed, expected } = record;
    cluster.world.emit(scenarioEvents['expectation-judged'], [line, text, result, observed]);
    if (!passed) failures.push(`line ${line}: always ${text}: observed ${observed}, expected ${expected}`);
  }
}

/** Whether something is there now. Nodes and the cluster itself are always; a znode's absence is a value of its own. */
function exists({ model }: Cluster, { kind, name }: Spoken): boolean {
  switch (kind) {
    case 'partition':
      return model.authority.partitions.has(name);
    case 'topic':
      return model.authority.topics.has(name);
    case 'group':
      return model.groups.all.has(name);
    case 'transaction':
      return model.transactions.all.has(name);
    case 'producer':
      return model.producers.all.has(name);
    default:
      return true;
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
