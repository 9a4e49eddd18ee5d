/** Names of things in the cluster. */
import { allNodes, type Catalog, partitionName } from '../../cluster/names.ts';
import { SELECTORS } from '../../cluster/selectors.ts';
import type { Place } from './places.ts';

const MOST_EVENTS = 20;

const isInternal = (topic: string): boolean => topic.startsWith('__');

/** Those of Kafka itself only where somebody has begun to type them. */
function shown(names: readonly string[], word: string): readonly string[] {
  return word.startsWith('_') ? names : names.filter((name) => !isInternal(name));
}

export function topics({ session, word }: Place): readonly string[] {
  return shown([...session.cluster.catalog.topics().keys()], word);
}

export function partitions({ session, word }: Place): readonly string[] {
  const all = [...session.cluster.catalog.topics()].flatMap(([topic, count]) =>
    Array.from({ length: count }, (_, partition) => partitionName({ topic, partition })),
  );
  return shown(all, word);
}

export const groups = ({ session }: Place): readonly string[] => [...session.cluster.catalog.groups()];
export const clients = ({ session }: Place): readonly string[] => [...session.cluster.catalog.clients().keys()];
export const brokerIds = ({ session }: Place): readonly string[] => session.cluster.catalog.brokers().map(String);
export const nodes = ({ session }: Place): readonly string[] => allNodes(session.cluster.catalog);
export const transactionalIds = ({ session }: Place): readonly string[] => [
  ...session.cluster.model.transactions.all.keys(),
];

/** Of the latest notable events, newest first. */
export function eventIds({ session }: Place): readonly string[] {
  return session.events
    .slice(-MOST_EVENTS)
    .reverse()
    .map(({ id }) => `#${id}`);
}

/** `$dead`: what `--as` and `let` have bound. */
export function bindings({ session }: Place): readonly string[] {
  return [...session.runner.bindings.keys()].map((name) => `$${name}`);
}

/** Whatever a verb can be about: nodes, clients, selectors, `$names`. */
export function targets(place: Place): readonly string[] {
  const selectors = SELECTORS.map(({ name, args }) => (args.length > 0 ? `${name}(` : name));
  return [...nodes(place), ...clients(place), ...selectors, ...bindings(place)];
}

/** What stands in a selector's parentheses; undefined where that is no selector. */
export function selectorArgument(name: string, index: number, place: Place): readonly string[] | undefined {
  const selector = SELECTORS.find((known) => known.name === name);
  if (selector === undefined) return undefined;
  switch (selector.args[index]) {
    case 'partition':
      return partitions(place);
    case 'group':
      return groups(place);
    case 'transactionalId':
      return transactionalIds(place);
    case 'kind':
      return ['brokers', 'quorum'];
    case 'rack':
      return racks(place.session.cluster.catalog);
    case 'rank':
    case undefined:
      return [];
  }
}

const racks = (catalog: Catalog): readonly string[] => [...new Set(catalog.racks())];
