/**
 * A cluster in time. A run is a pure function of its cluster's options, its seed and its inputs, so its past is had by executing it again;
 * acting there begins another branch, and leaves the one that it came from as it was. Knows no clock and no socket: whoever drives
 * it says how fast.
 */
import type { Cluster } from '../cluster/cluster.ts';
import type { OutsideClient } from '../cluster/outside.ts';
import { actsOn, type Reply, type Session } from '../tools/session.ts';
import { type Branch, Branches, FIRST_BRANCH, type Recorded, type TakenInput, type Tip } from './branches.ts';
import { Execution, kept } from './execution.ts';
import type { Input } from './journal.ts';
import { Journey, type Stop } from './journey.ts';

export interface TimelineOptions {
  /** A session of a new cluster that is ready; the same each time. */
  readonly make: () => Session;
  /** Told of what is handed in at the latest moment of the present branch, before it takes effect. */
  readonly onInput?: (atUs: number, input: Input) => void;
  /** The present branch is another, or has another past. */
  readonly onBranch?: (branch: Branch) => void;
  /** The present cluster is another. */
  readonly onReplaced?: (cluster: Cluster) => void;
  /** A run that has been: time begins in its past. */
  readonly recorded?: Recorded | undefined;
  /** Of inputs, most bytes that are kept for going back. */
  readonly mostBytes?: number | undefined;
}

const MOST_BYTES = 48 << 20;
/** How far `time step` looks for something notable, in microseconds. */
const STEP_LIMIT_US = 600_000_000;

export class Timeline {
  readonly branches: Branches;
  readonly #options: TimelineOptions;
  #execution: Execution;

  constructor(options: TimelineOptions) {
    this.#options = options;
    this.branches = new Branches(options.mostBytes ?? MOST_BYTES);
    const main = this.branches.grow(undefined, 0, 0);
    if (options.recorded !== undefined) follow(main, options.recorded);
    this.#execution = new Execution(options.make(), main);
  }

  get session(): Session {
    return this.#execution.session;
  }

  get cluster(): Cluster {
    return this.#execution.session.cluster;
  }

  get branch(): Branch {
    return this.#execution.branch;
  }

  get inPast(): boolean {
    return this.#execution.inPast;
  }

  /** Where the present is, in a few words; '' at the latest moment of the first branch. */
  get place(): string {
    const { name } = this.branch;
    if (this.inPast) return `in the past of ${name}`;
    return name === FIRST_BRANCH ? '' : name;
  }

  /** Inputs of the branch that are yet to come. */
  get ahead(): readonly TakenInput[] {
    return this.branch.inputs.slice(this.#execution.applied);
  }

  /** The latest moment of the present branch. */
  get tip(): Tip {
    const { tip } = this.branch;
    return this.inPast && tip !== undefined ? tip : this.#execution.tip();
  }

  get nowUs(): number {
    return this.#execution.world.nowUs;
  }

  get nextUs(): number | undefined {
    return this.#execution.nextUs;
  }

  /** As those of a world; what the branch has in its future is handed in on the way. */
  runUntil(timeUs: number): void {
    this.#execution.run(timeUs, Number.POSITIVE_INFINITY);
  }

  runSlice(timeUs: number, limit: number): number {
    return this.#execution.run(timeUs, limit);
  }

  runDue(timeUs: number, limit: number): number {
    return this.#execution.run(timeUs, limit, false);
  }

  /** Hands something in at the present, of which nothing may be left to do. In the past that begins a branch. */
  apply(input: Input, client?: OutsideClient, answered: (reply: Reply) => void = () => {}): void {
    if (input.kind === 'line') return this.#line(input, answered);
    const past = this.inPast;
    if (past) this.#fork();
    else this.#options.onInput?.(this.nowUs, input);
    // What is not kept need not be handed in again.
    if (this.branches.forgotten) this.#execution.inputs.apply(input, client, answered);
    else this.#take(this.#moment(input), input, client, answered);
    if (past) this.#options.onBranch?.(this.branch);
  }

  /** Real clients that the present was executed with again are not there any more: their connections break. */
  endConnections(): void {
    for (const connection of this.#ghosts()) {
      this.#execution.complete();
      this.apply({ kind: 'abort', connection });
    }
  }

  #ghosts(): readonly number[] {
    if (!this.#execution.hasGhosts) return [];
    this.#execution.hasGhosts = false;
    return this.#execution.inputs.open;
  }

  /** The way to a moment of a branch, the present one if none is named. */
  journey(stop: Stop, branch: Branch = this.branch): Journey {
    const here = branch === this.branch && !this.#isBehind(stop);
    return new Journey({
      branch,
      stop,
      replaces: !here,
      make: () => {
        this.#leave();
        return here ? this.#execution : new Execution(this.#options.make(), branch);
      },
      arrived: (execution) => {
        if (execution === this.#execution) return;
        const other = execution.branch !== this.branch;
        execution.session.takeOver(this.session);
        this.#execution = execution;
        if (other) this.#options.onBranch?.(execution.branch);
        this.#options.onReplaced?.(execution.session.cluster);
      },
    });
  }

  /** The way to a moment of the present branch in a cluster of its own, which `arrived` is shown: the present one stays. */
  glimpse(atUs: number, arrived: (session: Session) => void): Journey {
    const { branch } = this;
    return new Journey({
      branch,
      stop: { kind: 'time', atUs },
      replaces: false,
      make: () => new Execution(this.#options.make(), branch),
      arrived: ({ session }) => arrived(session),
    });
  }

  /** To the next notable event. */
  step(): Journey {
    return this.journey({ kind: 'notable', byUs: this.nowUs + STEP_LIMIT_US });
  }

  /** An empty cluster, on a branch of its own. */
  reset(): Journey {
    const { zeroUs } = this.cluster;
    return this.journey({ kind: 'time', atUs: zeroUs ?? 0 }, this.branches.grow(undefined, 0, 0));
  }

  #isBehind(stop: Stop): boolean {
    if (stop.kind === 'time') return stop.atUs <= this.nowUs && !(stop.atUs === this.nowUs && this.#isBare());
    if (stop.kind === 'input') return stop.atUs < this.nowUs || stop.count < this.#execution.applied;
    return stop.kind === 'event' && stop.id <= this.cluster.trace.count;
  }

  /** Nothing was handed in at the present moment. */
  #isBare(): boolean {
    return this.branch.inputs[this.#execution.applied - 1]?.atUs !== this.nowUs;
  }

  /** What was reached of a branch is kept before it is left. */
  #leave(): void {
    if (!this.inPast) this.branch.tip = this.#execution.tip();
  }

  #fork(): void {
    const execution = this.#execution;
    execution.branch = this.branches.grow(execution.branch, execution.applied, this.nowUs);
    for (const connection of this.#ghosts()) {
      const abort = { kind: 'abort', connection } as const;
      this.#take(this.#moment(abort), abort);
      execution.complete();
    }
  }

  /** What is to be kept of an input. */
  #moment(input: Input): TakenInput {
    return this.#execution.moment(this.branches.forgotten ? input : kept(input));
  }

  #take(taken: TakenInput, input: Input, client?: OutsideClient, answered: (reply: Reply) => void = () => {}): void {
    const { branches, branch } = this;
    branches.add(branch, taken);
    this.#execution.take(input, client, answered);
    // What is not kept need not be handed in again.
    if (branches.forgotten) this.#execution.applied = branch.inputs.length;
  }

  /** Questions are no inputs, and neither are lines that mean nothing. */
  #line(input: Extract<Input, { kind: 'line' }>, answered: (reply: Reply) => void): void {
    const execution = this.#execution;
    const past = this.inPast;
    if (!past) this.#options.onInput?.(this.nowUs, input);
    if (!actsOn(input.text)) return execution.inputs.apply(input, undefined, answered);
    const before = execution.branch;
    if (past) this.#fork();
    const { branch } = execution;
    const taken = this.#moment(input);
    this.#take(taken, input, undefined, (reply) => {
      execution.noteEnd(taken, reply);
      answered(reply);
    });
    // It was a question, or a mistake.
    const didNothing = taken.end !== undefined && execution.session.cluster.trace.count === taken.events;
    if (didNothing) this.#undo(before, branch);
    else if (past) this.#options.onBranch?.(branch);
  }

  #undo(before: Branch, branch: Branch): void {
    const execution = this.#execution;
    branch.inputs.pop();
    execution.applied -= 1;
    // Where real clients' connections were broken, the branch is another all the same.
    if (branch === before || branch.inputs.length !== execution.applied) return;
    if (branch.inputs.some((input, index) => input !== before.inputs[index])) return;
    execution.branch = before;
    this.branches.fell(branch);
  }
}

function follow(branch: Branch, { inputs, tip }: Recorded): void {
  for (const { atUs, input } of inputs)
    branch.inputs.push({ atUs, input, events: undefined, hash: undefined, end: undefined });
  branch.tip = tip;
}
