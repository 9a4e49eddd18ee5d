/** From a running cluster, and perhaps the scenario that plays on it, to what the dashboard shows. */
import { brokerEvents } from '../../broker/events.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import type { TraceEvent } from '../../kernel/api.ts';
import type { ScenarioRun } from '../../scenario/player.ts';
import {
  type DashboardView,
  groupsOf,
  healthOf,
  nodesOf,
  partitionsOf,
  producersOf,
  type StepRow,
  type TimelineRow,
  type Tone,
} from '../../tools/view.ts';
import { fieldsText } from '../lines.ts';

export interface Pacing {
  readonly speed: number;
  readonly paused: boolean;
}

const MOST_EVENTS = 200;
const MOST_RATES = 40;
const SECOND_US = 1_000_000;

/** Events that a person looks for, against those that follow from them for each partition. */
const LOUD =
  /killed|stopped|started|paused|resumed|powered|elected|fenced|serving|rule|failed|lost|resigned|expired|readied|begun|judged|converged|shrunk|truncated/;
const BAD = /killed|failed|lost|powered|broken|truncated|expired/;
const GOOD = /started|elected|serving|unfenced|readied|converged|resumed|expanded/;

export class DashboardSubject {
  readonly #cluster: Cluster;
  readonly #run: ScenarioRun | undefined;
  readonly #title: string;
  readonly #events: TraceEvent[] = [];
  readonly #rates = new Map<string, number[]>();
  #sampledUs = 0;

  constructor(cluster: Cluster, title: string, run: ScenarioRun | undefined) {
    this.#cluster = cluster;
    this.#run = run;
    this.#title = title;
    cluster.trace.subscribe('all', (event) => {
      if (event.kind.level !== 'notable' || !isLoud(event)) return;
      this.#events.push(event);
      if (this.#events.length > 2 * MOST_EVENTS) this.#events.splice(0, MOST_EVENTS);
    });
  }

  view({ speed, paused }: Pacing): DashboardView {
    const { model, options } = this.#cluster;
    const producers = producersOf(model);
    this.#sample(producers);
    const status = statusOf(this.#run);
    return {
      title: this.#title,
      timeUs: this.#cluster.timeUs,
      speed,
      paused,
      ...status,
      health: healthOf(model, options),
      nodes: nodesOf(model, options),
      partitions: partitionsOf(model),
      producers,
      rates: this.#rates,
      groups: groupsOf(model),
      timeline: this.#events.slice(-MOST_EVENTS).map((event) => timelineRow(event, this.#cluster.zeroUs ?? 0)),
      steps: this.#run === undefined ? [] : stepsOf(this.#run),
    };
  }

  /** One bar of a sparkline is a second of virtual time. */
  #sample(producers: DashboardView['producers']): void {
    const { nowUs } = this.#cluster.world;
    if (nowUs - this.#sampledUs < SECOND_US) return;
    this.#sampledUs = nowUs;
    for (const { name, perSecond } of producers)
      this.#rates.set(name, [...(this.#rates.get(name) ?? []), perSecond].slice(-MOST_RATES));
  }
}

function isLoud(event: TraceEvent): boolean {
  const [first, second] = event.values;
  // Of leaders, those that took over: that every partition has its first one is no news.
  if (event.kind === brokerEvents['became-leader']) return second !== 0 && !String(first).startsWith('__');
  return LOUD.test(event.kind.name) && !(typeof first === 'string' && first.startsWith('__'));
}

function timelineRow(event: TraceEvent, zeroUs: number): TimelineRow {
  const { name } = event.kind;
  const tone: Tone = BAD.test(name) ? 'bad' : GOOD.test(name) ? 'good' : 'plain';
  return {
    id: event.id,
    atUs: event.atUs - zeroUs,
    node: event.node,
    text: `${name} ${fieldsText(event)}`.trimEnd(),
    tone,
  };
}

function statusOf(run: ScenarioRun | undefined): Pick<DashboardView, 'status' | 'statusTone'> {
  if (run === undefined || !run.finished) return { status: 'running', statusTone: 'plain' };
  return {
    status: run.result,
    statusTone: run.result === 'passed' ? 'good' : run.result === 'inconclusive' ? 'warn' : 'bad',
  };
}

const STEP_STATES = {
  pending: 'waiting',
  running: 'running',
  done: 'passed',
  'no-effect': 'no-effect',
  skipped: 'skipped',
  failed: 'failed',
} as const;

/** Steps and what is expected, in the order of the file. */
function stepsOf(run: ScenarioRun): readonly StepRow[] {
  const steps = run.steps.map(({ line, text, result, why, resolved, note }) => ({
    line,
    row: { state: STEP_STATES[result], text, note: why || note || resolved.join(', ') },
  }));
  const standing = run.expectations
    .filter(({ kind }) => kind !== 'step')
    .map(({ line, kind, text, result, observed, expected }) => ({
      line,
      row: {
        state: result === 'pending' ? ('waiting' as const) : result,
        text: `${kind} ${text}`,
        note: result === 'failed' ? `observed ${observed}, expected ${expected}` : '',
      },
    }));
  return [...steps, ...standing].sort((a, b) => a.line - b.line).map(({ row }) => row);
}
