/** From a running cluster, and perhaps the scenario that plays on it, to what the dashboard shows. */
import { brokerEvents } from '../../broker/events.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { quorumNodes } from '../../cluster/options.ts';
import type { RunChecker } from '../../cluster/ports.ts';
import type { TraceEvent } from '../../kernel/api.ts';
import type { ScenarioRun } from '../../scenario/player.ts';
import { InFlight } from '../../tools/in-flight.ts';
import { LogEpochs } from '../../tools/log-epochs.ts';
import type { DashboardView, TimelineRow, Tone } from '../../tools/view.ts';
import { groupsOf, producersOf, transactionsOf } from '../../tools/view-clients.ts';
import { healthOf, nodesOf, partitionsOf } from '../../tools/view-cluster.ts';
import { quorumOf } from '../../tools/view-quorum.ts';
import { whyOf } from '../../tools/why/explain.ts';
import { type History, NOTABLE_KINDS } from '../../tools/why/history.ts';
import type { Why } from '../../tools/why/telling.ts';
import { TELLINGS } from '../../tools/why/tellings/index.ts';
import { fieldsText } from '../lines.ts';
import { detailOf } from './details/index.ts';
import { type Draw, Drawings } from './drawings.ts';
import { Rates } from './rates.ts';
import { statusOf, stepsOf } from './step-rows.ts';
import type { Line } from './text.ts';

export interface Pacing {
  readonly speed: number;
  readonly paused: boolean;
}

/** What is shown, and how it is called. */
export interface Watched {
  readonly cluster: Cluster;
  readonly checker: RunChecker | undefined;
  readonly run: ScenarioRun | undefined;
  /** What is known of before it was watched. */
  readonly history: History;
  /** Who gives commands, as `why` says it. */
  readonly author: string;
  readonly title: string;
  /** Where in time it is, where that can be moved. */
  readonly place?: () => string;
  readonly bootstrapServers: readonly string[];
  /** Draws diagrams; left out: nobody does. */
  readonly draw?: Draw;
}

const MOST_EVENTS = 2_000;

/** Events that a person looks for, against those that follow from them for each partition. */
const LOUD =
  /killed|stopped|started|paused|resumed|powered|elected|fenced|serving|rule|failed|lost|resigned|expired|readied|begun|judged|converged|shrunk|truncated/;
const BAD = /killed|failed|lost|powered|broken|truncated|expired/;
const GOOD = /started|elected|serving|unfenced|readied|converged|resumed|expanded/;

export class DashboardSubject {
  readonly #watched: Watched;
  readonly #rows: TimelineRow[] = [];
  readonly #rates: Rates;
  readonly #inFlight: InFlight;
  readonly #epochs: LogEpochs;
  readonly #why: Why;
  readonly #drawings: Drawings | undefined;
  #view: DashboardView | undefined;

  constructor(watched: Watched) {
    const { cluster, checker, history, author } = watched;
    this.#watched = watched;
    this.#why = whyOf(cluster, history, author, checker);
    this.#drawings = watched.draw && new Drawings(watched.draw, () => cluster.world.nowUs);
    this.#rates = new Rates(cluster, checker);
    this.#inFlight = new InFlight(cluster.trace);
    this.#epochs = new LogEpochs(cluster.trace);
    for (const event of history.notable) this.#add(event);
    cluster.trace.subscribe(NOTABLE_KINDS, (event) => this.#add(event));
  }

  #add(event: TraceEvent): void {
    if (!isLoud(event)) return;
    this.#rows.push(timelineRow(event, this.#why));
    if (this.#rows.length > 2 * MOST_EVENTS) this.#rows.splice(0, MOST_EVENTS);
  }

  view({ speed, paused }: Pacing): DashboardView {
    const { cluster, run, title, place, bootstrapServers } = this.#watched;
    const { model, options } = cluster;
    const producers = producersOf(model);
    const groups = groupsOf(model);
    this.#rates.sample(producers, groups);
    this.#view = {
      title,
      bootstrapServers,
      timeUs: cluster.timeUs,
      place: place?.() ?? '',
      speed,
      paused,
      ...statusOf(run),
      health: healthOf(model, options),
      nodes: nodesOf(model, options, this.#rates.cpu),
      partitions: partitionsOf(model),
      producers,
      rates: this.#rates.values,
      groups,
      outside: this.#rates.outside(),
      transactions: transactionsOf(model),
      quorum: quorumOf(model, options, (node) => cluster.authorities.of(node)?.watches ?? null),
      timeline: this.#rows,
      steps: run === undefined ? [] : stepsOf(run),
    };
    return this.#view;
  }

  /** The page of what was drilled into, by the latest view. */
  page(key: string, columns: number): readonly Line[] | undefined {
    const { model, options, trace, zeroUs = 0 } = this.#watched.cluster;
    const view = this.#view;
    if (view === undefined) return undefined;
    return detailOf(
      {
        model,
        options,
        trace,
        zeroUs,
        view,
        inFlight: this.#inFlight,
        outside: this.#watched.cluster.outsideConnections,
        requests: (node) => this.#rates.requests(node),
        epochs: this.#epochs,
        watchersOf: (path) => watchersOf(this.#watched.cluster, path),
        why: this.#why,
        drawings: this.#drawings,
      },
      key,
      columns,
    );
  }
}

function watchersOf({ authorities, options, model }: Cluster, path: string) {
  return quorumNodes(options)
    .filter((node) => model.nodes.state(node) === 'running')
    .flatMap((server) => (authorities.of(server)?.watchersOf?.(path) ?? []).map((session) => ({ session, server })));
}

function isLoud(event: TraceEvent): boolean {
  const [first, second] = event.values;
  // Of leaders, those that took over: that every partition has its first one is no news.
  if (event.kind === brokerEvents['became-leader']) return second !== 0 && !String(first).startsWith('__');
  return LOUD.test(event.kind.name) && !(typeof first === 'string' && first.startsWith('__'));
}

function timelineRow(event: TraceEvent, why: Why): TimelineRow {
  const { name } = event.kind;
  const tone: Tone = BAD.test(name) ? 'bad' : GOOD.test(name) ? 'good' : 'plain';
  const raw = `${name} ${fieldsText(event)}`.trimEnd();
  return {
    id: event.id,
    atUs: event.atUs - why.zeroUs,
    node: event.node,
    text: TELLINGS[name]?.say(event, why) ?? `${event.node} ${raw}`,
    raw,
    tone,
  };
}
