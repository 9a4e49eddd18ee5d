/**
 * Plays a scenario on a cluster. A machine without promises: whoever drives it calls `advance`, as fast or as slowly as it
 * likes, and the run is the same.
 */
import { attachChecker } from '../checker/checker.ts';
import { Cluster, ClusterError, type ClusterPorts } from '../cluster/cluster.ts';
import type { Mode } from '../cluster/options.ts';
import type { RunChecker, Violation } from '../cluster/ports.ts';
import { VerbRunner } from '../cluster/verb-runner.ts';
import { timeText } from '../tools/causes.ts';
import { scenarioEvents } from '../tools/events.ts';
import { Session } from '../tools/session.ts';
import { whyOf } from '../tools/why/explain.ts';
import { History } from '../tools/why/history.ts';
import type { Why } from '../tools/why/telling.ts';
import { eventCauses, expressionCauses } from '../tools/why/verdict.ts';
import { playCatalog } from './file-catalog.ts';
import { Finale } from './finale.ts';
import { flatten, type Plan } from './plan.ts';
import type { ExpectationRecord, RunResult, StepRecord } from './run-records.ts';
import { StandingWatch } from './standing-watch.ts';
import { StepPlayer } from './step-player.ts';

export interface RunOptions {
  readonly mode: Mode;
  readonly seed: number;
  readonly ports: ClusterPorts;
  /** Messages travel as bytes; slower, same trace. */
  readonly encode?: boolean;
}

export class ScenarioRun {
  readonly plan: Plan;
  readonly options: RunOptions;
  readonly cluster: Cluster;
  readonly checker: RunChecker;
  readonly history: History;
  readonly runner: VerbRunner;
  readonly steps: StepRecord[] = [];
  readonly expectations: ExpectationRecord[] = [];
  /** Reasons for a result other than passed, by severity. */
  readonly errors: string[] = [];
  readonly failures: string[] = [];
  readonly doubts: string[] = [];
  finished = false;
  readonly #player: StepPlayer;
  readonly #always: StandingWatch;
  readonly #finale: Finale;
  #healing = false;
  #booted = false;
  /** What led to the first broken promise. */
  #causes: readonly string[] = [];

  constructor(plan: Plan, options: RunOptions) {
    this.plan = plan;
    this.options = options;
    const { mode, seed, ports } = options;
    this.cluster = new Cluster(
      {
        ...plan.cluster,
        mode,
        seed,
        combined: plan.cluster.combined && mode === 'kraft',
        encode: options.encode ?? plan.cluster.encode,
      },
      ports,
    );
    this.checker = attachChecker(this.cluster.trace, this.cluster.world);
    this.history = new History(this.cluster.trace);
    this.cluster.model.ledger = () => this.checker.ledger();
    const steps = flatten([...plan.steps, ...plan.on]);
    const catalog = playCatalog(plan, this.cluster.catalog, steps);
    this.runner = new VerbRunner(this.cluster, { catalog, checked: true });
    // Lines of the prompt need somebody who takes them, and has seen everything.
    if (steps.some(({ verb }) => verb.takesLine === true)) new Session(this.cluster, this.checker, this.runner);
    for (const client of plan.clients) this.cluster.addClient(client);
    this.#player = new StepPlayer(this);
    this.#always = new StandingWatch(this);
    this.#finale = new Finale(this, () => this.#close());
    this.checker.onViolation((violation) => this.#violated(violation));
  }

  get result(): RunResult {
    if (this.errors.length > 0) return 'error';
    if (this.failures.length > 0) return 'failed';
    return this.doubts.length > 0 ? 'inconclusive' : 'passed';
  }

  get reason(): string | null {
    const first = this.errors[0] ?? this.failures[0] ?? this.doubts[0] ?? null;
    return this.#causes.length === 0 || this.errors.length > 0 ? first : [first, ...this.#causes].join('; ');
  }

  get why(): Why {
    return whyOf(this.cluster, this.history, 'the scenario says', this.checker);
  }

  /** Why what an expression speaks of is as it is now. */
  causesOf(expression: string): readonly string[] {
    return expressionCauses(expression, this.runner, this.why);
  }

  /** Brings the cluster to its time 0. Called by `advance` where nobody did. */
  boot(): void {
    if (this.#booted) return;
    this.#booted = true;
    const { cluster } = this;
    try {
      cluster.boot();
    } catch (thrown) {
      if (!(thrown instanceof ClusterError)) throw thrown;
      this.errors.push(thrown.message);
      this.finished = true;
      return;
    }
    if (!this.finished) cluster.world.at(cluster.world.nowUs, () => this.#begin(), undefined);
  }

  /** Executes at most `limit` events due up to `untilUs` (world time); returns how many. */
  advance(untilUs: number, limit: number): number {
    this.boot();
    return this.finished ? 0 : this.cluster.world.runSlice(untilUs, limit);
  }

  /** Plays on to the end. */
  finish(): void {
    while (!this.finished) {
      this.boot();
      const { nextUs } = this.cluster.world;
      if (nextUs === undefined || this.finished) break;
      this.cluster.world.runSlice(Number.MAX_SAFE_INTEGER, 10_000);
    }
  }

  #begin(): void {
    const { cluster, plan } = this;
    const { world } = cluster;
    world.cause = world.emit(scenarioEvents['cluster-readied'], [
      cluster.mode,
      plan.cluster.brokers.length,
      plan.cluster.topics.length,
    ]);
    cluster.startClients();
    this.#always.begin();
    this.#player.begin(() => this.#stepsOver());
  }

  /** The last step has ended, or one failed: what stood under `always` is decided, and healing begins. */
  #stepsOver(): void {
    this.#endSteps(false);
    if (!this.finished) this.#finale.begin();
  }

  #endSteps(cut: boolean): void {
    if (this.#healing) return;
    this.#healing = true;
    this.#always.end(cut);
    this.#player.end();
  }

  /** A promise that must always hold is broken: the run ends here, once the present event is over. */
  #violated({ invariant, message, atUs, event }: Violation): void {
    const { world, zeroUs } = this.cluster;
    const when = timeText(atUs - (zeroUs ?? 0));
    this.failures.push(`${invariant} was broken at ${when}: ${message}`);
    if (this.failures.length > 1) return;
    this.#causes = eventCauses(event, this.why);
    world.at(
      world.nowUs,
      () => {
        if (this.finished) return;
        this.#endSteps(true);
        this.#finale.cut();
        this.#close();
      },
      undefined,
    );
  }

  #close(): void {
    this.#player.judgeFaults();
    for (const [name, { options }] of this.cluster.clients.all) {
      const producer = this.cluster.model.producers.all.get(name);
      const meant = options.role.kind === 'produce' && (options.start || producer !== undefined);
      if (meant && (producer?.acked ?? 0) === 0)
        this.doubts.push(`${name} had nothing acknowledged: the run shows nothing`);
    }
    this.finished = true;
    this.cluster.world.stop();
  }
}
