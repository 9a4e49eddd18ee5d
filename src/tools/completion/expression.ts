/** Words of an expression: what has values, the values behind its dot, and what joins them. */
import { OBSERVABLES } from '../../cluster/observables/index.ts';
import type { Observable, SubjectKind } from '../../cluster/observables/observable.ts';
import { kindsOf, SINGLE, WRAPPER_KINDS } from '../../cluster/observables/resolve.ts';
import { bindings, clients, groups, nodes, partitions, topics, transactionalIds } from './names.ts';
import type { Place } from './places.ts';

const WORDS: readonly string[] = [
  'within',
  'for',
  'and',
  'or',
  'not',
  'true',
  'false',
  'none',
  'in',
  'includes',
  'excludes',
  'matches',
  'becomes',
];

/** `ended`: values that can only be judged at the end are among them. */
export function expressionWords(place: Place, ended = false): readonly string[] {
  const { word } = place;
  const wrapped = wrappedWord(place);
  if (wrapped !== undefined) return properties(`${wrapped.head}.`, wrapped.kinds, place, { ended, replica: false });
  const argument = wrapperArgument(place);
  if (argument !== undefined) return argument;
  const dot = word.lastIndexOf('.');
  const subject = dot < 0 ? '' : word.slice(0, dot);
  const { catalog } = place.session.cluster;
  const kinds = kindsOf(subject, catalog);
  if (kinds.length > 0) return properties(`${subject}.`, kinds, place, { ended, replica: subject.includes('@') });
  // `orders-0.isr.` counts the members of a set.
  const inner = subject.lastIndexOf('.');
  if (inner > 0) {
    const set = kindsOf(subject.slice(0, inner), catalog)
      .flatMap((kind) => OBSERVABLES[kind])
      .some(({ name, type }) => type === 'set' && name === subject.slice(inner + 1));
    if (set) return [`${subject}.size`];
  }
  return [...subjects(place), ...Object.keys(WRAPPER_KINDS).map((name) => `${name}(`), ...bindings(place), ...WORDS];
}

/** Everything that has values, with its dot. */
function subjects(place: Place): readonly string[] {
  const names = [
    ...SINGLE,
    ...partitions(place),
    ...topics(place),
    ...groups(place),
    ...clients(place),
    ...nodes(place),
  ];
  return [...new Set(names)].map((name) => `${name}.`);
}

function properties(
  head: string,
  kinds: readonly SubjectKind[],
  { session }: Place,
  { ended, replica }: { readonly ended: boolean; readonly replica: boolean },
): readonly string[] {
  const { mode } = session.cluster;
  const fits = ({ modes, finallyOnly, atReplica }: Observable): boolean =>
    modes?.includes(mode) !== false && (ended || finallyOnly !== true) && (!replica || atReplica === true);
  const found = kinds.flatMap((kind) => OBSERVABLES[kind]).filter(fits);
  return [...new Set(found.map(({ name, args }) => `${head}${name}${args === undefined ? '' : '('}`))];
}

/** `txn(etl).st`: the word begins within the parentheses. */
function wrappedWord({
  before,
  word,
}: Place): { readonly head: string; readonly kinds: readonly SubjectKind[] } | undefined {
  const wrapper = /(\w+)\($/.exec(before)?.[1];
  const close = word.lastIndexOf(').');
  const kind = wrapper === undefined ? undefined : WRAPPER_KINDS[wrapper];
  return kind === undefined || close < 0 ? undefined : { head: word.slice(0, close + 1), kinds: [kind] };
}

/** What stands in the parentheses of `topic(`, `znode(`, `web.errors(` and their like. */
function wrapperArgument(place: Place): readonly string[] | undefined {
  const { before, session } = place;
  const called = /([\w.-]+)\((?:[^()]*,\s*)?$/.exec(before)?.[1];
  if (called === undefined) return undefined;
  const index = before.slice(before.lastIndexOf('(')).split(',').length - 1;
  if (called.endsWith('.errors')) return index === 0 ? seenErrors(place) : partitions(place);
  switch (WRAPPER_KINDS[called]) {
    case 'znode':
      return session.cluster.model.znodes.paths;
    case 'topic':
      return topics(place);
    case 'partition':
      return index === 0 ? topics(place) : [];
    case 'group':
      return groups(place);
    case 'node':
      return nodes(place);
    case 'producer':
      return clients(place);
    case 'transaction':
      return transactionalIds(place);
    default:
      return undefined;
  }
}

/** Errors that a simulated client has seen. */
export function seenErrors({ session }: Place): readonly string[] {
  const names = [...session.cluster.model.producers.all.values()].flatMap(({ errors }) => [...errors.keys()]);
  return [...new Set(names.filter((name) => !name.includes(' ')))];
}
