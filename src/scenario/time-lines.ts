/** The lines of the prompt that move in time, or tell of it. They are no inputs: the world knows nothing of them. */
import { parseDuration } from '../cluster/units.ts';
import { nearest } from '../config/nearest.ts';
import { timeText } from '../tools/causes.ts';
import { didYouMean } from '../tools/did-you-mean.ts';
import { onOneLine } from '../tools/heredoc.ts';
import { readPipes } from '../tools/pipes.ts';
import { isMistake, mistakeText, type Reply, withoutComment } from '../tools/session.ts';
import { type Branch, FIRST_BRANCH } from './branches.ts';
import { diagramLine, drawsEvents, eventsDiagram } from './diagram-lines.ts';
import type { Journey, Stop } from './journey.ts';
import { momentNamed, momentNames } from './snapshots.ts';
import type { Timeline } from './timeline.ts';

/** How fast time passes by itself. */
export interface Clockwork {
  paused: boolean;
  /** Virtual over real time. */
  speed: number;
}

/** What drives a timeline. */
export interface TimeHost {
  readonly timeline: Timeline;
  /** Undefined: time passes only inside lines that wait. */
  readonly clock: Clockwork | undefined;
  /** Why there is no way back now; otherwise undefined. */
  whyNoWayBack(): string | undefined;
  /** Carries a journey out; `arrived` hears what else is to be said of it, or why it failed. `stays`: time stands still from then on. */
  travel(journey: Journey, arrived: (said: readonly string[], failed?: string) => void, stays?: boolean): void;
  /** Executes something that leaves the present where it is; `done` hears why it failed. */
  look(journey: Journey, done: (failed?: string) => void): void;
  /** Writes the present branch as a scenario. */
  save(rest: string): Reply;
  /** Writes a file of the host, a new one unless `force`; returns why it cannot. */
  write(path: string, text: string, force: boolean): string | undefined;
}

/** Answers a line that is about time; false, and nothing happens, for any other. */
export function timeLine(host: TimeHost, text: string, done: (reply: Reply) => void): boolean {
  const words = withoutComment(text);
  const act = drawsEvents(words) ? eventsDiagram : ACTS[words.split(/\s/, 1)[0] ?? ''];
  if (act === undefined) return false;
  try {
    const { line, filter } = readPipes(words);
    const rest = line.split(/\s+/).slice(1);
    act(host, rest, filter === undefined ? done : (reply) => done({ ...reply, lines: filter(reply) }));
  } catch (thrown) {
    if (!isMistake(thrown)) throw thrown;
    done(refused(mistakeText(thrown)));
  }
  return true;
}

type Act = (host: TimeHost, rest: readonly string[], done: (reply: Reply) => void) => void;

const ACTS: Readonly<Record<string, Act>> = {
  time,
  branches: ({ timeline }, _rest, done) => done(answered(...branchLines(timeline))),
  checkout: (host, rest, done) => checkout(host, rest.join(' '), done),
  save: (host, rest, done) => done(host.save(rest.join(' '))),
  diagram: diagramLine,
  history: ({ timeline }, _rest, done) => done(answered(...historyLines(timeline))),
  'reset-cluster': (host, _rest, done) => back(host, () => host.timeline.reset(), done),
};

function time(host: TimeHost, [what = '', ...rest]: readonly string[], done: (reply: Reply) => void): void {
  const operand = rest.join(' ');
  const { timeline } = host;
  switch (what) {
    case '':
      return done(answered(where(host)));
    case 'pause':
    case 'resume':
      return done(pause(host, what === 'pause'));
    case 'speed':
      return done(setSpeed(host, operand));
    case 'step':
      return step(host, operand, done);
    case 'back':
      return stepBack(host, operand, done);
    case 'goto':
      return goTo(host, operand, done);
    case 'now':
      if (!timeline.inPast) return done(answered(where(host)));
      return go(host, timeline.journey({ kind: 'tip' }), done);
    default:
      return done(refused(`time has no "${what}"${didYouMean(nearest(what, WORDS)) || `: ${USAGE}`}`));
  }
}

const WORDS = ['pause', 'resume', 'speed', 'step', 'back', 'goto', 'now'];
const USAGE =
  'time, time pause, time resume, time step [5s], time back [5s], time goto 12.5s, time goto #EVENT or SNAPSHOT, time now, time speed 10x';

const answered = (...lines: readonly string[]): Reply => ({ ok: true, lines });
const refused = (line: string): Reply => ({ ok: false, lines: [line] });

/** `5.000s`, and what is not as usual about it. */
export function where({ timeline, clock }: TimeHost): string {
  const { branch, cluster, inPast } = timeline;
  const notes = [timeText(cluster.timeUs)];
  if (branch.name !== FIRST_BRANCH) notes.push(`on ${branch.name}`);
  if (inPast) notes.push(`in the past: ${branch.name} was at ${timeText(timeline.tip.atUs - (cluster.zeroUs ?? 0))}`);
  if (clock?.paused === true) notes.push('paused');
  if (clock !== undefined && clock.speed !== 1) notes.push(speedText(clock.speed));
  return notes.join(', ');
}

/** The reply to a line that was handed in on a branch; it is told where that began another. */
export function withFork(reply: Reply, { branch, cluster }: Timeline, before: Branch): Reply {
  if (!reply.ok || branch === before || branch.from?.name !== before.name) return reply;
  const when = timeText(branch.from.atUs - (cluster.zeroUs ?? 0));
  return { ...reply, lines: [...reply.lines, `on ${branch.name} from here: it left ${before.name} at ${when}`] };
}

const speedText = (speed: number): string => (speed === Number.POSITIVE_INFINITY ? 'as fast as it goes' : `${speed}x`);

const NO_CLOCK = 'in a script time passes only inside lines that wait, and with `time step`';

function pause(host: TimeHost, paused: boolean): Reply {
  if (host.clock === undefined) return answered(NO_CLOCK);
  host.clock.paused = paused;
  return answered(where(host));
}

function setSpeed(host: TimeHost, operand: string): Reply {
  const speed = operand === 'max' ? Number.POSITIVE_INFINITY : Number(/^(\d+(?:\.\d+)?)x?$/.exec(operand)?.[1] ?? 0);
  if (!(speed >= 0.01)) return refused('time speed takes a multiple of real time from 0.01x, such as 10x, or max');
  if (host.clock === undefined) return answered(NO_CLOCK);
  host.clock.speed = speed;
  return answered(where(host));
}

/** `5s` → microseconds. */
function durationOf(text: string): number | undefined {
  const us = parseDuration(text);
  return us !== undefined && us >= 0 ? us : undefined;
}

function step(host: TimeHost, operand: string, done: (reply: Reply) => void): void {
  const { timeline } = host;
  if (operand === '') return go(host, timeline.step(), done, true);
  const us = durationOf(operand);
  if (us === undefined)
    return done(refused(`time step takes a duration such as 5s, or nothing: the next notable event`));
  go(host, timeline.journey({ kind: 'time', atUs: timeline.nowUs + us }), done, true);
}

function stepBack(host: TimeHost, operand: string, done: (reply: Reply) => void): void {
  const { timeline } = host;
  const { nowUs, session } = timeline;
  const zeroUs = timeline.cluster.zeroUs ?? 0;
  let stop: Stop = { kind: 'time', atUs: zeroUs };
  if (operand === '') {
    const event = session.events.findLast(({ atUs }) => atUs < nowUs);
    if (event !== undefined && event.atUs > zeroUs) stop = { kind: 'event', id: event.id };
  } else {
    const us = durationOf(operand);
    if (us === undefined)
      return done(refused(`time back takes a duration such as 5s, or nothing: the notable event before`));
    stop = { kind: 'time', atUs: Math.max(zeroUs, nowUs - us) };
  }
  back(host, () => timeline.journey(stop), done);
}

function goTo(host: TimeHost, operand: string, done: (reply: Reply) => void): void {
  const { timeline } = host;
  const event = /^#(\d+)$/.exec(operand);
  if (event !== null) {
    const id = Number(event[1]);
    const { events } = timeline.tip;
    if (events !== undefined && id > events)
      return done(refused(`${timeline.branch.name} has ${events} events so far: there is no #${id}`));
    const isBack = id <= timeline.cluster.trace.count;
    const journey = (): Journey => timeline.journey({ kind: 'event', id });
    return isBack ? back(host, journey, done) : go(host, journey(), done);
  }
  const us = durationOf(operand);
  if (us === undefined) return goToNamed(host, operand, done);
  const atUs = (timeline.cluster.zeroUs ?? 0) + us;
  const journey = (): Journey => timeline.journey({ kind: 'time', atUs });
  if (atUs <= timeline.nowUs) back(host, journey, done);
  else go(host, journey(), done);
}

function goToNamed(host: TimeHost, name: string, done: (reply: Reply) => void): void {
  const { timeline } = host;
  const moment = momentNamed(timeline, name);
  if (moment === undefined) return done(refused(noMoment(timeline, name)));
  const journey = (): Journey => timeline.journey(moment.stop, moment.branch);
  if (moment.ahead) go(host, journey(), done);
  else back(host, journey, done);
}

function noMoment(timeline: Timeline, name: string): string {
  const wanted =
    'time goto takes a time since the cluster was ready, such as 12.5s, an event, such as #1234, or the name of a snapshot';
  const names = momentNames(timeline);
  const meant = nearest(name, names);
  if (meant !== undefined) return `there is no snapshot "${name}"${didYouMean(meant)}`;
  return names.length === 0 ? wanted : `${wanted}: ${names.join(', ')}`;
}

function checkout(host: TimeHost, name: string, done: (reply: Reply) => void): void {
  const { timeline } = host;
  const branch = timeline.branches.named(name);
  if (branch === undefined) {
    const known = timeline.branches.all.map((other) => other.name);
    const hint = didYouMean(nearest(name, known)) || `: there ${known.length === 1 ? 'is' : 'are'} ${known.join(', ')}`;
    return done(refused(`there is no branch "${name}"${hint}`));
  }
  if (branch === timeline.branch) return go(host, timeline.journey({ kind: 'tip' }), done);
  back(host, () => timeline.journey({ kind: 'tip' }, branch), done);
}

/** A journey that needs what was handed in before. */
function back(host: TimeHost, journey: () => Journey, done: (reply: Reply) => void): void {
  const why = host.whyNoWayBack();
  if (why === undefined) go(host, journey(), done);
  else done(refused(why));
}

function go(host: TimeHost, journey: Journey, done: (reply: Reply) => void, stays = false): void {
  const arrived = (said: readonly string[], failed?: string): void => {
    if (failed === undefined) done(answered(where(host), ...said));
    else done(refused(failed));
  };
  host.travel(journey, arrived, stays);
}

function branchLines(timeline: Timeline): readonly string[] {
  const zeroUs = timeline.cluster.zeroUs ?? 0;
  const widest = Math.max(...timeline.branches.all.map(({ name }) => name.length));
  return timeline.branches.all.map((branch) => {
    const tip = branch === timeline.branch ? timeline.tip : branch.tip;
    const from =
      branch.from === undefined ? '' : `, from ${branch.from.name} at ${timeText(branch.from.atUs - zeroUs)}`;
    const last = lastLine(branch);
    return (
      `${branch === timeline.branch ? '*' : ' '} ${branch.name.padEnd(widest)}  until ${timeText((tip?.atUs ?? zeroUs) - zeroUs)}${from}` +
      (last === undefined ? '' : `, last: ${onOneLine(last)}`)
    );
  });
}

function lastLine({ inputs }: Branch): string | undefined {
  const input = inputs.findLast((taken) => taken.input.kind === 'line')?.input;
  return input?.kind === 'line' ? input.text : undefined;
}

function historyLines(timeline: Timeline): readonly string[] {
  const zeroUs = timeline.cluster.zeroUs ?? 0;
  const ahead = new Set(timeline.ahead);
  return timeline.branch.inputs.flatMap((taken) => {
    if (taken.input.kind !== 'line') return [];
    const ended = taken.end?.did === false ? `  (${taken.end.words})` : '';
    return [
      `${timeText(taken.atUs - zeroUs).padStart(10)}  ${onOneLine(taken.input.text)}${ahead.has(taken) ? '  (ahead)' : ended}`,
    ];
  });
}
