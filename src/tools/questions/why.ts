import { expressionWords, seenErrors } from '../completion/expression.ts';
import { eventIds } from '../completion/names.ts';
import { answer } from '../why/explain.ts';
import { lately } from '../why/suggest.ts';
import { answered, type Question } from './question.ts';

/** The chain behind a value, an event, an error or a record. Throws `ExpressionError` for a value that means nothing. */
export const why: Question = {
  name: 'why',
  usage: 'why SUBJECT',
  about: 'what decided a value, event, error or loss: why orders-0.leader, why #1234, why lost',
  completes(place) {
    if (place.word.startsWith('#')) return eventIds(place);
    const kinds = new Set(place.session.events.map(({ kind }) => kind.name));
    return [...expressionWords(place, true), ...kinds, ...seenErrors(place), 'lost'];
  },
  answer({ cluster, runner, why: asking }, rest) {
    if (rest === '') return answered(...usage(lately(asking, cluster)));
    const asked = { cluster, binding: (name: string) => runner.bindings.get(name) };
    return answered(...answer(rest, asked, asking));
  },
};

function usage(subjects: readonly string[]): readonly string[] {
  const lines = subjects.length === 0 ? [] : ['what changed lately:', ...subjects.map((subject) => `  why ${subject}`)];
  return [
    ...lines,
    'also: a value (orders-0.isr), a name (broker-2, billing[0]), an error (NOT_ENOUGH_REPLICAS), an event (#1234),',
    '  its kind (log-truncated), a record (lost, lost 2, web#1165)',
  ];
}
