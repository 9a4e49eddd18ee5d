/** From what was seen to the diagram that was asked for. */
import type { TraceEvent } from '../../kernel/api.ts';
import { timeText } from '../causes.ts';
import { scenarioEvents } from '../events.ts';
import type { LoggedMessage } from '../messages/log.ts';
import type { Session } from '../session.ts';
import { whyOf } from '../why/explain.ts';
import { collapsed } from './collapse.ts';
import type { Diagram, Life, MarkRow, MessageRow, Row } from './diagram.ts';
import { type Lanes, lanesOf, resolved } from './lanes.ts';
import type { DiagramOptions } from './options.ts';
import { idleness, relation } from './relations.ts';
import { rowsOf } from './rows.ts';
import { type Stretch, stretchOf } from './stretch.ts';
import { lanesOn } from './text.ts';

export type Drawn =
  | { readonly kind: 'drawn'; readonly diagram: Diagram; readonly stretch: Stretch }
  /** Messages of that stretch are not kept any more: executing the run again brings them back. */
  | { readonly kind: 'forgotten'; readonly stretch: Stretch; readonly sinceUs: number };

/** To see what becomes of the last messages, and what answers the last requests. */
const AFTERWARDS_US = 1_000_000;
const DEFAULT_ROWS = 60;
const MOST_LANES = 6;
/** Of rows that do not fit, those before the moment have this share of the room. */
const SHARE_BEFORE = 0.3;

type Seeing = Pick<Session, 'cluster' | 'runner' | 'history' | 'author' | 'checker' | 'lookout'>;

/** Throws `LineError` and `SelectorError` for what cannot be meant. */
export function draw(session: Seeing, options: DiagramOptions): Drawn {
  return drawStretch(session, options, stretchOf(session, options, resolved(session, options.targets)));
}

export function drawStretch(session: Seeing, options: DiagramOptions, stretch: Stretch): Drawn {
  const { cluster, lookout } = session;
  const { messages: log } = lookout;
  const { trace } = cluster;
  const { fromUs, toUs, focus } = stretch;
  if (log.sinceUs > fromUs) return { kind: 'forgotten', stretch, sinceUs: log.sinceUs };
  const why = whyOf(cluster, session.history, session.author, session.checker);
  const wider = log.within(fromUs, toUs + AFTERWARDS_US);
  const isIdle = idleness(wider);
  const isRelated = relation(trace, focus?.id);
  const candidates = log.within(fromUs, toUs).filter((message) => isWanted(message, options));
  const mostLanes = options.svg === undefined ? lanesOn(options.columns) : MOST_LANES;
  const lanes = lanesOf(session, resolved(session, options.targets), focus, {
    messages: candidates,
    isIdle,
    isRelated,
    mostLanes,
  });
  const shown = candidates.filter(({ way }) => lanes.names.includes(way.from) && lanes.names.includes(way.to));
  const scene = { lanes: lanes.names, stretch, nowUs: cluster.world.nowUs, why };
  const rows = rowsOf(scene, shown, eventsOf(session, stretch, lanes.names));
  const byNumber = new Map(shown.map((message) => [message.number, message]));
  const judge = {
    isIdle: (number: number) => isIdle(byNumber.get(number)!),
    isRelated: (number: number) => isRelated(byNumber.get(number)!),
  };
  const told: readonly Row[] = options.all ? rows : collapsed(rows, judge);
  const { kept, notes } = limited(told, stretch, options.rows ?? DEFAULT_ROWS);
  const diagram: Diagram = {
    title: titleOf(stretch, why.zeroUs, lanes),
    zeroUs: why.zeroUs,
    fromUs,
    toUs,
    lanes: lanes.names.map((name) => ({ name })),
    rows: kept,
    lives: lanes.names.map((name) => livesOf(session, name, toUs)),
    notes: [...notes, ...notesOf(told, lanes, options)],
  };
  return { kind: 'drawn', diagram, stretch };
}

/** `--only Fetch` takes requests and their answers; letters' case does not matter, and a part of a name will do. */
function isWanted({ summary }: LoggedMessage, { only }: DiagramOptions): boolean {
  if (only.length === 0) return true;
  const name = summary.name.toLowerCase();
  return only.some((wanted) => name === wanted || (wanted.length > 3 && name.startsWith(wanted)));
}

const COMMANDS: readonly string[] = [scenarioEvents['step-begun'].name];
const WORLD_NODES = ['world', 'operator'];

/** Notable ones and details that explain; of nobody in particular, those of the world: commands, and rules over links. */
function eventsOf(
  { cluster, history, lookout }: Seeing,
  { fromUs, toUs, focus }: Stretch,
  lanes: readonly string[],
): readonly TraceEvent[] {
  const found = [
    ...history.notable.filter(({ atUs }) => atUs >= fromUs && atUs <= toUs),
    ...lookout.detailsWithin(fromUs, toUs),
  ];
  if (focus !== undefined && !found.some(({ id }) => id === focus.id)) found.push(focus);
  return found
    .filter(({ node, kind, id }) => {
      if (id === focus?.id || lanes.includes(node)) return true;
      if (COMMANDS.includes(kind.name)) return true;
      return WORLD_NODES.includes(node) && !cluster.nodes.has(node);
    })
    .sort((a, b) => a.id - b.id);
}

const ENDS = new Set(['process-killed', 'process-stopped', 'machine-powered-off', 'process-paused']);
const BEGINS = new Set(['process-started', 'process-resumed']);

function livesOf({ history }: Seeing, name: string, toUs: number): readonly Life[] {
  return history.notable.flatMap(({ node, kind, atUs }): readonly Life[] => {
    if (node !== name || atUs > toUs) return [];
    if (ENDS.has(kind.name)) return [{ atUs, runs: false }];
    return BEGINS.has(kind.name) ? [{ atUs, runs: true }] : [];
  });
}

/** Around the moment as many rows as there may be. */
function limited(rows: readonly Row[], { aroundUs }: Stretch, most: number) {
  if (rows.length <= most) return { kept: rows, notes: [] };
  const focus = rows.findIndex((row) => row.kind === 'mark' && row.focus);
  const at =
    focus >= 0
      ? focus
      : Math.max(
          0,
          rows.findIndex(({ atUs }) => atUs >= aroundUs),
        );
  const start = Math.max(0, Math.min(at - Math.floor(most * SHARE_BEFORE), rows.length - most));
  const after = rows.length - start - most;
  const left = [...(start > 0 ? [`${start} before`] : []), ...(after > 0 ? [`${after} after`] : [])];
  const notes = [`${left.join(' and ')} are not shown: a shorter --span, --only NAMES, or --rows ${rows.length}`];
  return { kept: rows.slice(start, start + most), notes };
}

function titleOf({ fromUs, toUs, focus, aroundUs }: Stretch, zeroUs: number, { names }: Lanes): string {
  const moment = (us: number): string => timeText(us - zeroUs);
  const around = focus === undefined ? moment(aroundUs) : `#${focus.id} ${focus.kind.name} at ${moment(aroundUs)}`;
  return `${moment(fromUs)} to ${moment(toUs)}, around ${around}${names.length === 0 ? ': nobody said anything' : ''}`;
}

function notesOf(rows: readonly Row[], { leftOut, names }: Lanes, { all, only }: DiagramOptions): readonly string[] {
  const isMessage = (row: Row): row is MessageRow | Exclude<Row, MarkRow> => row.kind !== 'mark';
  const notes: string[] = [];
  if (names.length > 0 && !rows.some(isMessage))
    notes.push(
      only.length > 0
        ? `no ${only.join(' or ')} passed between them: without --only all messages are shown`
        : 'no message passed between them: a longer --span shows more',
    );
  if (!all && rows.some(({ kind }) => kind === 'chatter')) notes.push('--all shows every message');
  if (leftOut.length > 0) notes.push(`without ${leftOut.join(', ')}: name the nodes that you want`);
  return notes;
}
