/** A cluster that goes along a branch: whatever was handed in before is handed in again at its time, and after that it is free. */
import type { OutsideClient } from '../cluster/outside.ts';
import type { World } from '../kernel/api.ts';
import type { Reply, Session } from '../tools/session.ts';
import type { Branch, TakenInput, Tip } from './branches.ts';
import { Inputs } from './inputs.ts';
import type { Input } from './journal.ts';

/** A run that was executed again was another one: a mistake of kzsim's. */
export class DivergedError extends Error {
  constructor(atUs: number, expected: number | undefined, events: number) {
    super(
      `executed again, the run is another one at ${atUs} us of world time (${events} events, not ${expected}): another version of kzsim recorded it, or this is a mistake in kzsim`,
    );
    this.name = 'DivergedError';
  }
}

export class Execution {
  readonly session: Session;
  readonly inputs: Inputs;
  readonly world: World;
  branch: Branch;
  /** It was handed connections of real clients again, of whom nobody is there. */
  hasGhosts = false;
  /** So many of the branch's inputs were handed in. */
  applied: number;

  /** `session` is that of a cluster that has just become ready; with `applied` left out it was handed nothing yet. */
  constructor(session: Session, branch: Branch) {
    this.session = session;
    this.branch = branch;
    this.applied = 0;
    this.world = session.cluster.world;
    this.inputs = new Inputs(session.cluster, session, () => {});
    this.complete();
  }

  get pending(): TakenInput | undefined {
    return this.branch.inputs[this.applied];
  }

  /** Somebody has seen later moments of this branch. */
  get inPast(): boolean {
    const { tip } = this.branch;
    return tip !== undefined && (this.world.nowUs < tip.atUs || this.applied < this.branch.inputs.length);
  }

  /** When something is to be done next. What is handed in at a moment is when the world goes on from it. */
  get nextUs(): number | undefined {
    const { nextUs } = this.world;
    const { pending } = this;
    if (pending === undefined) return nextUs;
    return Math.min(nextUs ?? Number.POSITIVE_INFINITY, pending.atUs + 1);
  }

  /**
   * As `World.runSlice` and (without `stand`) `runDue`; an input counts as an event. Inputs of the time that it stands at in the end are not handed in.
   */
  run(timeUs: number, limit: number, stand = true): number {
    let done = 0;
    while (done < limit) {
      const { pending } = this;
      if (pending === undefined || pending.atUs >= timeUs) break;
      done += this.world.runSlice(pending.atUs, limit - done);
      if (done >= limit) return done;
      this.#again(pending);
      done += 1;
    }
    if (done >= limit) return done;
    const { world } = this;
    return done + (stand ? world.runSlice(timeUs, limit - done) : world.runDue(timeUs, limit - done));
  }

  /** Whatever happens at the present microsecond happens, inputs too. */
  completeMoment(): void {
    this.complete();
    const { nowUs } = this.world;
    for (let { pending } = this; pending?.atUs === nowUs; pending = this.pending) {
      this.#again(pending);
      this.complete();
    }
  }

  /** Hands in what the branch has at the present microsecond, until so many inputs were handed in. */
  handIn(count: number): void {
    this.complete();
    for (let { pending } = this; pending?.atUs === this.world.nowUs && this.applied < count; pending = this.pending) {
      this.#again(pending);
      this.complete();
    }
  }

  /** The same at the very tip, which has to be where the branch had come to. */
  finishAt(tip: Tip): void {
    this.completeMoment();
    this.#check(tip.atUs, tip);
  }

  /** Nothing of the present microsecond is left to do, except inputs. */
  complete(): void {
    this.world.runUntil(this.world.nowUs);
  }

  tip(): Tip {
    this.complete();
    const { trace } = this.session.cluster;
    return { atUs: this.world.nowUs, events: trace.count, hash: trace.hash() };
  }

  /** Hands something in that is the branch's latest input from now on. */
  take(input: Input, client: OutsideClient | undefined, answered: (reply: Reply) => void): void {
    this.applied += 1;
    this.inputs.apply(input, client, answered);
  }

  /** A moment as an input has it. */
  moment(input: Input): TakenInput {
    const { trace } = this.session.cluster;
    const hash = input.kind === 'line' ? trace.hash() : undefined;
    return { atUs: this.world.nowUs, input, events: trace.count, hash, end: undefined };
  }

  #again(taken: TakenInput): void {
    if (taken.events === undefined) Object.assign(taken, this.moment(taken.input), { atUs: taken.atUs });
    this.#check(taken.atUs, taken);
    const input = kept(taken.input);
    if (input.kind === 'line') this.take(input, undefined, (reply) => this.noteEnd(taken, reply));
    else this.take(input, undefined, unheard);
    if (input.kind === 'open') this.hasGhosts = true;
  }

  noteEnd(taken: TakenInput, { ok, lines, end }: Reply): void {
    const did = ok && end?.kind !== 'no-effect';
    taken.end = { atUs: this.world.nowUs, did, words: did ? '' : (lines.find((line) => line !== '') ?? '') };
  }

  #check(atUs: number, expected: Pick<TakenInput, 'events' | 'hash'>): void {
    const { trace } = this.session.cluster;
    const { events, hash } = expected;
    const same = (events === undefined || trace.count === events) && (hash === undefined || trace.hash() === hash);
    if (!same || this.world.nowUs !== atUs) throw new DivergedError(atUs, events, trace.count);
  }
}

/** A broker writes offsets into the batches that it is sent: what is handed in once more is a copy. */
export function kept(input: Input): Input {
  return input.kind === 'frame' ? { ...input, frame: input.frame.slice() } : input;
}

function unheard(): void {}
