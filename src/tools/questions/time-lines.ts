import { eventIds } from '../completion/names.ts';
import type { Place } from '../completion/places.ts';
import { answered, type Question, refused } from './question.ts';

/** What a timeline answers (`src/scenario/time-lines.ts`) comes here only where there is none. */
const noTimeline = (): ReturnType<typeof refused> =>
  refused(
    'time goes only forwards here: `kzsim up`, `kzsim repl` and `kzsim replay` can move in it, and save a session',
  );

function timeWords(place: Place): readonly string[] {
  switch (/^\s*time\s+(?:(\w+)\s+)?$/.exec(place.before)?.[1]) {
    case undefined:
      return /^\s*time\s+$/.test(place.before) ? ['pause', 'resume', 'step', 'back', 'goto', 'now', 'speed'] : [];
    case 'goto':
      return place.word.startsWith('#') ? eventIds(place) : place.snapshots();
    case 'speed':
      return ['0.1x', '1x', '10x', 'max'];
    default:
      return [];
  }
}

export const timeLines: readonly Question[] = [
  {
    name: 'time',
    usage: 'time [WHAT]',
    about:
      'virtual time since the cluster was ready; pause, resume, step [5s], back [5s], goto 12.5s, goto #EVENT, goto SNAPSHOT, now, speed 10x',
    completes: timeWords,
    answer: (session, rest) => (rest === '' ? answered(session.time) : noTimeline()),
  },
  {
    name: 'branches',
    usage: 'branches',
    about: 'the ways that time took: acting in the past begins another',
    answer: noTimeline,
  },
  {
    name: 'checkout',
    usage: 'checkout BRANCH',
    about: 'goes to the latest moment of a branch',
    completes: (place) => place.branches(),
    answer: noTimeline,
  },
  { name: 'save', usage: 'save FILE', about: 'writes what was typed on this branch as a scenario', answer: noTimeline },
  { name: 'history', usage: 'history', about: 'what was typed on this branch, and when', answer: noTimeline },
  {
    name: 'reset-cluster',
    usage: 'reset-cluster',
    about: 'an empty cluster again, on a branch of its own',
    answer: noTimeline,
  },
];
