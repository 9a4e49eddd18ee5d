/**
 * Plays a scenario on a cluster. A machine without promises: whoever drives it calls `advance`, as fast or as slowly as it
 * likes, and the run is the same.
 */
import { attachChecker } from '../checker/checker.ts';
import { Cluster, ClusterError } from '../cluster/cluster.ts';
import type { Mode } from '../cluster/options.ts';
import type { RunChecker } from '../cluster/ports.ts';
import { VerbRunner } from '../cluster/verb-runner.ts';
import type { DigestFactory } from '../protocol/ports.ts';
import { Blame } from './blame.ts';
import { scenarioEvents } from './events.ts';
import { Finale } from './finale.ts';
import type { Plan } from './plan.ts';
import type { ExpectationRecord, RunResult, StepRecord } from './run-records.ts';
import { StandingWatch } from './standing-watch.ts';
import { StepPlayer } from './step-player.ts';

export interface RunOptions {
  readonly mode: Mode;
  readonly seed: number;
  readonly digest: DigestFactory;
  /** Messages travel as bytes; slower, same trace. */
  readonly encode?: boolean;
}

export class ScenarioRun {
  readonly plan: Plan;
  readonly options: RunOptions;
  readonly cluster: Cluster;
  readonly checker: RunChecker;
  readonly blame: Blame;
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
  #booted = false;

  constructor(plan: Plan, options: RunOptions) {
    this.plan = plan;
    this.options = options;
    const { mode, seed, digest } = options;
    this.cluster = new Cluster(
      {
        ...plan.cluster,
        mode,
        seed,
        combined: plan.cluster.combined && mode === 'kraft',
        encode: options.encode ?? plan.cluster.encode,
      },
      { digest },
    );
    this.checker = attachChecker(this.cluster.trace, this.cluster.world);
    this.blame = new Blame(this.cluster.trace);
    this.cluster.model.ledger = () => this.checker.ledger();
    this.runner = new VerbRunner(this.cluster);
    for (const client of plan.clients) this.cluster.addClient(client);
    this.#player = new StepPlayer(this);
    this.#always = new StandingWatch(this, 'always');
    this.checker.onViolation(({ invariant, message }) => this.failures.push(`${invariant}: ${message}`));
  }

  get result(): RunResult {
    if (this.errors.length > 0) return 'error';
    if (this.failures.length > 0) return 'failed';
    return this.doubts.length > 0 ? 'inconclusive' : 'passed';
  }

  get reason(): string | null {
    return this.errors[0] ?? this.failures[0] ?? this.doubts[0] ?? null;
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
    cluster.world.at(cluster.world.nowUs, () => this.#begin(), undefined);
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
    for (const step of plan.on) this.#player.play([step], () => {}, true);
    this.#player.play(plan.steps, () => this.#stepsOver());
  }

  /** The last step has ended, or one failed: what stood under `always` is decided, and healing begins. */
  #stepsOver(): void {
    this.#always.end();
    this.#player.end();
    new Finale(this, () => this.#close()).begin();
  }

  #close(): void {
    this.#player.judgeEffects();
    for (const [name, { options }] of this.cluster.clients.all) {
      const acked = this.cluster.model.producers.all.get(name)?.acked ?? 0;
      if (options.role.kind === 'produce' && options.role.rate !== null && options.start && acked === 0)
        this.doubts.push(`${name} had nothing acknowledged: the run shows nothing`);
    }
    this.finished = true;
    this.cluster.world.stop();
  }
}
