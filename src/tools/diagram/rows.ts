/** Messages and events as rows of a diagram, in the order in which they happened. */
import type { TraceEvent } from '../../kernel/api.ts';
import { fieldText, timeText } from '../causes.ts';
import { scenarioEvents } from '../events.ts';
import type { LoggedMessage } from '../messages/log.ts';
import { fullText } from '../messages/summary.ts';
import type { Tone } from '../view.ts';
import type { Why } from '../why/telling.ts';
import { TELLINGS } from '../why/tellings/index.ts';
import type { MarkRow, MessageRow, Row } from './diagram.ts';
import { isInternal, type Stretch } from './stretch.ts';

/** A message that takes longer is drawn where it was sent, and where it arrived. */
const SLOW_US = 10_000;

/** A row, and what it is sorted by. */
interface Placed<R extends Row> {
  readonly row: R;
  readonly atUs: number;
  /** Of the trace: the event, or what a message was sent because of. */
  readonly event: number;
  readonly order: number;
}

export interface Scene {
  readonly lanes: readonly string[];
  readonly stretch: Stretch;
  readonly nowUs: number;
  readonly why: Why;
}

/** Marks first, then what they caused; messages as they were sent. */
export function rowsOf(
  scene: Scene,
  messages: readonly LoggedMessage[],
  events: readonly TraceEvent[],
): readonly (MessageRow | MarkRow)[] {
  const placed: Placed<MessageRow | MarkRow>[] = [
    ...merged(scene, events).map((row) => ({
      row,
      atUs: row.atUs,
      event: row.event,
      order: -1,
    })),
    ...messages.flatMap((message) =>
      messageRows(scene, message).map((row) => ({
        row,
        atUs: row.atUs,
        event: message.way.cause,
        order: message.number,
      })),
    ),
  ];
  placed.sort((a, b) => a.atUs - b.atUs || a.event - b.event || a.order - b.order);
  return placed.map(({ row }) => row);
}

function messageRows({ lanes, stretch, nowUs, why }: Scene, message: LoggedMessage): readonly MessageRow[] {
  const { summary, way, number } = message;
  const { sentUs, fate, fateUs, cause } = way;
  const row = (atUs: number, ending: MessageRow['ending'], note: string): MessageRow => ({
    kind: 'message',
    atUs,
    from: lanes.indexOf(way.from),
    to: lanes.indexOf(way.to),
    name: summary.name,
    text: fullText(summary),
    note,
    role: summary.role,
    ending,
    bad: summary.bad || ending === 'lost' || ending === 'stuck',
    message: number,
    cause,
  });
  const moment = (us: number): string => timeText(us - why.zeroUs);
  const inside = (us: number): boolean => us >= stretch.fromUs && us <= stretch.toUs;
  switch (fate) {
    case 'arrived': {
      if (fateUs - sentUs < SLOW_US) return inside(sentUs) ? [row(sentUs, 'arrives', '')] : [];
      return [
        ...(inside(sentUs) ? [row(sentUs, 'leaves', `arrives at ${moment(fateUs)}`)] : []),
        ...(inside(fateUs) ? [row(fateUs, 'comes', `sent at ${moment(sentUs)}`)] : []),
      ];
    }
    case 'lost':
      return inside(sentUs)
        ? [row(sentUs, 'lost', fateUs - sentUs < SLOW_US ? 'lost' : `lost at ${moment(fateUs)}`)]
        : [];
    case 'waiting':
      return inside(sentUs) ? [row(sentUs, 'stuck', 'does not get through')] : [];
    case 'held':
      return inside(sentUs) ? [row(sentUs, 'leaves', 'held')] : [];
    case 'under way': {
      if (!inside(sentUs)) return [];
      if (fateUs < nowUs) return [row(sentUs, 'stuck', `${way.to} does not read it`)];
      return [
        row(sentUs, fateUs - sentUs < SLOW_US ? 'arrives' : 'leaves', fateUs - sentUs < SLOW_US ? '' : 'on its way'),
      ];
    }
  }
}

const BAD = /killed|failed|lost|powered|broken|truncated|expired|fenced$|timed-out|refused|rejected|intercepted|error/;
const GOOD = /started|elected|serving|unfenced|readied|converged|resumed|expanded|became-leader|synced/;
const NOT_GOOD = /election-started|candidacy|pre-vote/;

function markOf({ lanes, stretch, why }: Scene, event: TraceEvent): MarkRow {
  const { name } = event.kind;
  const tone: Tone = BAD.test(name) ? 'bad' : GOOD.test(name) && !NOT_GOOD.test(name) ? 'good' : 'plain';
  return {
    kind: 'mark',
    atUs: event.atUs,
    lane: lanes.indexOf(event.node),
    event: event.id,
    eventKind: name,
    text: sentenceOf(event, why),
    tone,
    more: 0,
    focus: event.id === stretch.focus?.id,
  };
}

/** As `why` says it; a command as it was typed; a detail by its fields. */
function sentenceOf(event: TraceEvent, why: Why): string {
  const { kind, values } = event;
  if (kind.name === scenarioEvents['step-begun'].name) return `> ${values[1]}`;
  const telling = TELLINGS[kind.name];
  if (telling !== undefined) return telling.say(event, why);
  const fields = kind.fields.map((field, index) => `${field}=${fieldText(values[index])}`).join(' ');
  return `${kind.name} ${fields}`.trimEnd();
}

/** Each says something of its own. */
const OWN_WORDS: readonly string[] = [scenarioEvents['step-begun'].name, scenarioEvents['expectation-judged'].name];

/**
 * What befalls every partition alike at one moment is told once: of the one that the diagram is around, or of one that is not internal
 * to Kafka.
 */
function merged(scene: Scene, events: readonly TraceEvent[]): readonly MarkRow[] {
  const alike = new Map<string, TraceEvent[]>();
  for (const event of events) {
    const own = OWN_WORDS.includes(event.kind.name) ? ` ${event.id}` : '';
    const key = `${event.atUs} ${event.node} ${event.kind.name}${own}`;
    const known = alike.get(key);
    if (known === undefined) alike.set(key, [event]);
    else known.push(event);
  }
  const { focus } = scene.stretch;
  return [...alike.values()].map((group) => {
    const told = group.find(({ id }) => id === focus?.id) ?? group.find((event) => !isInternal(event)) ?? group[0]!;
    return { ...markOf(scene, told), more: group.length - 1 };
  });
}
