/** Whose lifelines are drawn: who was asked for, or who took part. */
import { allNodes, parsePartition, partitionName } from '../../cluster/names.ts';
import { brokerNode } from '../../cluster/options.ts';
import { checkTarget, resolveTarget } from '../../cluster/selectors.ts';
import type { FieldValue, TraceEvent } from '../../kernel/api.ts';
import type { LoggedMessage } from '../messages/log.ts';
import type { Session } from '../session.ts';
import { mistake } from './options.ts';

/** What a lane is worth: messages that have to do with the event weigh more than others. */
const WEIGHT_RELATED = 5;
export interface Candidates {
  readonly messages: readonly LoggedMessage[];
  readonly isIdle: (message: LoggedMessage) => boolean;
  readonly isRelated: (message: LoggedMessage) => boolean;
  /** More lifelines are drawn only for who names them. */
  readonly mostLanes: number;
}

export interface Lanes {
  readonly names: readonly string[];
  /** Who exchanged messages with them and has no lane. */
  readonly leftOut: readonly string[];
}

type Asking = Pick<Session, 'cluster' | 'runner'>;

/** `named`: by whoever asks; one alone is drawn with those whom it speaks to. */
export function lanesOf(
  session: Asking,
  named: readonly string[],
  focus: TraceEvent | undefined,
  seen: Candidates,
): Lanes {
  if (named.length > 1) return { names: inOrder(session, named), leftOut: [] };
  const chosen = named.length === 1 ? [...named] : focus === undefined ? [] : nodesOf(session, focus);
  const telling = scoresOf(seen, chosen);
  // Where nobody says anything new, those who go on as before.
  const scores = telling.size > 0 ? telling : scoresOf({ ...seen, isIdle: () => false }, chosen);
  const ranked = [...scores.keys()].sort((a, b) => scores.get(b)! - scores.get(a)! || (a < b ? -1 : 1));
  const names = [...chosen];
  for (const name of ranked) if (!names.includes(name) && names.length < seen.mostLanes) names.push(name);
  return { names: inOrder(session, names), leftOut: ranked.filter((name) => !names.includes(name)) };
}

/** Of messages that say something, how many each node exchanged: with those who are chosen, if any are. */
function scoresOf({ messages, isIdle, isRelated }: Candidates, chosen: readonly string[]): ReadonlyMap<string, number> {
  const scores = new Map<string, number>();
  for (const message of messages) {
    const { from, to } = message.way;
    const related = isRelated(message);
    if (!related && (isIdle(message) || (chosen.length > 0 && !chosen.includes(from) && !chosen.includes(to))))
      continue;
    for (const name of [from, to]) scores.set(name, (scores.get(name) ?? 0) + (related ? WEIGHT_RELATED : 1));
  }
  return scores;
}

/** Clients left, who decides right, brokers between them. */
function inOrder({ cluster }: Pick<Session, 'cluster'>, names: readonly string[]): readonly string[] {
  const known = allNodes(cluster.catalog);
  const place = (name: string): number => {
    const kind = cluster.nodes.get(name)?.kind;
    const floor = kind === 'broker' ? 1 : kind === 'quorum' ? 2 : 0;
    const at = known.indexOf(name);
    return floor * 1_000_000 + (at < 0 ? 999_999 : at);
  };
  return [...names].sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
}

/** The nodes that were named. Throws `SelectorError` and `LineError` for one that there is none of. */
export function resolved({ cluster, runner }: Asking, targets: readonly string[]): readonly string[] {
  const names: string[] = [];
  for (const target of targets)
    for (const name of oneResolved({ cluster, runner }, target)) if (!names.includes(name)) names.push(name);
  return names;
}

function oneResolved({ cluster, runner }: Asking, target: string): readonly string[] {
  if (cluster.nodes.has(target)) return [target];
  const partition = parsePartition(target);
  const record = partition && cluster.model.authority.partitions.get(partitionName(partition));
  if (record !== undefined) return record.replicas.map(brokerNode);
  // Drawing would leave a mark: the next draw would be another.
  if (/^random\b/.test(target))
    throw mistake('a diagram is not drawn of random nodes', 'name them: diagram broker-1 broker-2');
  checkTarget(target, cluster.catalog, (name) => runner.bindings.has(name));
  const names = resolveTarget(target, cluster, { accept: () => true, binding: (name) => runner.bindings.get(name) });
  if (names.length === 0)
    throw mistake(`${target} is no node at the moment`, 'name the nodes: diagram broker-1 broker-2');
  return names;
}

const NODE_FIELDS = /^(leader|broker|isr|replicas|follower|followers|to|from|remote|nodes|server|coordinator|winner)$/;

/** The node of an event and those that it names. */
export function nodesOf({ cluster }: Pick<Session, 'cluster'>, event: TraceEvent): string[] {
  const names: string[] = [];
  const add = (name: string | undefined): void => {
    if (name !== undefined && !names.includes(name) && cluster.nodes.has(name)) names.push(name);
  };
  const addAll = (value: FieldValue): void => {
    if (typeof value === 'string') add(value);
    else if (typeof value === 'number') add(numbered(value));
    else if (typeof value === 'object' && value !== null) for (const item of value) addAll(item);
  };
  const numbered = (id: number): string | undefined =>
    [brokerNode(id), `controller-${id}`, `zk-${id}`].find((name) => cluster.nodes.has(name));
  add(event.node);
  event.kind.fields.forEach((field, index) => {
    if (NODE_FIELDS.test(field)) addAll(event.values[index] ?? null);
  });
  return names;
}
