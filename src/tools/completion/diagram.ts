/** Words behind `diagram` and `events`: nodes and partitions, events, kinds, names of messages. */
import { apis } from '../../protocol/apis/index.ts';
import { DIAGRAM_OPTIONS } from '../diagram/options.ts';
import { NOTABLE_KINDS } from '../why/history.ts';
import { eventIds, partitions, targets, topics } from './names.ts';
import type { Place } from './places.ts';

const SPANS = ['50ms', '200ms', '1s', '5s'];
/** Of ZooKeeper, those that are asked for most. */
const ZOOKEEPER_MESSAGES = ['PROPOSAL', 'ACK', 'COMMIT', 'vote', 'multi', 'create', 'getData', 'watch', 'session'];

export function diagramWords(place: Place): readonly string[] {
  const option = optionBefore(place);
  if (place.word.startsWith('-')) return unused(DIAGRAM_OPTIONS, place);
  switch (option) {
    case 'around':
      return place.word.startsWith('#') ? eventIds(place) : [...kindsSeen(place), ...eventIds(place)];
    case 'span':
      return SPANS;
    case 'only':
      return messageNames(place);
    case 'rows':
    case 'width':
    case 'svg':
      return [];
    default:
      return [...targets(place), ...partitions(place), ...unused(DIAGRAM_OPTIONS, place)];
  }
}

const EVENT_OPTIONS = ['kind', 'since', 'svg'];

export function eventWords(place: Place): readonly string[] {
  if (/\s--svg\b/.test(place.before)) return diagramWords(place);
  if (place.word.startsWith('-')) return unused(EVENT_OPTIONS, place);
  switch (optionBefore(place)) {
    case 'kind':
      return NOTABLE_KINDS.map(({ name }) => name);
    case 'since':
      return SPANS;
    default:
      return [...targets(place), ...partitions(place), ...topics(place), ...unused(EVENT_OPTIONS, place)];
  }
}

/** `only` behind `--only Fetch,`. */
function optionBefore({ before }: Place): string | undefined {
  return /\s--([a-z]+)[\s=](?:\S*,)?$/.exec(before)?.[1];
}

function unused(options: readonly string[], { before }: Place): readonly string[] {
  return options.map((name) => `--${name}`).filter((option) => !before.includes(`${option} `));
}

/** Kinds of which there is an event. */
function kindsSeen({ session }: Place): readonly string[] {
  return [...new Set(session.events.map(({ kind }) => kind.name))];
}

function messageNames({ session }: Place): readonly string[] {
  const kafka = apis.map(({ name }) => name);
  return session.cluster.mode === 'zookeeper' ? [...kafka, ...ZOOKEEPER_MESSAGES] : kafka;
}
