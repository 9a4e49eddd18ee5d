/** Values of groups, and of their members. */
import type { GroupRecord } from '../../../cluster/model/groups.ts';
import { lagsOf } from '../../../cluster/observables/group.ts';
import type { TraceEvent } from '../../../kernel/api.ts';
import { counted, list, text } from '../fields.ts';
import { stoppedBy } from '../rules/silence.ts';
import { type Cause, type Decision, ofClient, type Why } from '../telling.ts';
import { clientOf } from '../tellings/groups.ts';
import { RECENT_US } from './client.ts';
import { all, type Decider, NOW, type Question } from './decider.ts';
import { offline } from './partition.ts';

const MOST_PARTITIONS = 4;

export const groupDecider: Decider = (question, why) => {
  const { name, property, model } = question;
  const { history } = why;
  const ofGroup = (event: TraceEvent): boolean => text(event, 'group') === name;
  const group = model.groups.all.get(name);
  if (group === undefined) return { ending: 'no member has come to its coordinator yet' };
  switch (property) {
    case 'lag':
    case 'maxLag':
    case 'positionLag':
    case 'consumed':
      return whyBehind(group, question, why);
    case 'members':
      return history.latestOf(['group-member-left', 'group-member-joined'], undefined, ofGroup);
    case 'rebalances':
      if (group.rebalances === 0) return { ending: 'its members have not changed since it was first Stable' };
      return history.latestOf('group-rebalance-completed', undefined, ofGroup);
    case 'generation':
    case 'assigned':
      return history.latestOf(
        ['group-rebalance-completed', 'group-target-assigned', 'group-assignment-delivered', 'group-loaded'],
        undefined,
        ofGroup,
      );
    case 'coordinator':
      if (group.coordinator === null && group.partition !== null)
        return offline({ ...question, name: `__consumer_offsets-${group.partition}` }, why);
      return history.latestOf(['group-loaded', 'group-created'], undefined, ofGroup);
    default:
      return history.latestOf(['group-state-changed', 'group-loaded', 'group-created'], undefined, ofGroup);
  }
};

/** Nodes of the clients that read in a group. */
function readersOf({ name, cluster }: Question): readonly string[] {
  return [...cluster.clients.all.values()].flatMap(({ options, members }) =>
    options.role.kind !== 'produce' && (options.role.reading.group === name || options.name === name)
      ? members.map(({ node }) => node)
      : [],
  );
}

/** `orders-1 700 (billing[1]), orders-2 806 (nobody)`. */
function shares(group: GroupRecord, lags: ReadonlyMap<string, number>): string {
  const ownerOf = (partition: string): string => {
    for (const [member, owned] of group.assignments) if (owned.includes(partition)) return clientOf(member);
    return 'nobody';
  };
  const behind = [...lags].filter(([, lag]) => lag > 0).sort(([, a], [, b]) => b - a);
  const told = behind.slice(0, MOST_PARTITIONS).map(([name, lag]) => `${name} ${lag} (${ownerOf(name)})`);
  return behind.length > MOST_PARTITIONS
    ? `${told.join(', ')} and ${behind.length - MOST_PARTITIONS} more`
    : told.join(', ');
}

const sum = (lags: ReadonlyMap<string, number>): number => [...lags.values()].reduce((total, lag) => total + lag, 0);

/**
 * A group is behind because members do not run, or nobody owns partitions for the moment, or its requests fail; else because
 * it commits only now and then, or its members are slower than who writes.
 */
function whyBehind(group: GroupRecord, question: Question, why: Why): Cause | Decision {
  const { name, model } = question;
  const lags = lagsOf(group, model, group.committed);
  if (sum(lags) === 0) return { ending: 'its members have read and committed everything' };
  const remark = shares(group, lags);
  const nodes = readersOf(question);
  const stopped = nodes.flatMap((node) => stoppedBy(node, NOW, why) ?? []).sort((a, b) => b.id - a.id);
  if (stopped.length > 0) return { causes: [...stopped, ...stillMembers(group, stopped)], remark };
  const { history } = why;
  const ofGroup = (event: TraceEvent): boolean => text(event, 'group') === name;
  if (group.state !== 'Stable')
    return { causes: all(history.latestOf(['group-state-changed', 'group-loaded'], undefined, ofGroup)), remark };
  const [reader] = nodes;
  if (reader !== undefined && sum(lagsOf(group, model, group.positions)) < sum(lags) / 2)
    return {
      causes: [
        {
          ending: 'what was read is committed only now and then',
          settings: [ofClient(reader, 'auto.commit.interval.ms')],
        },
      ],
      remark,
    };
  const error = history.latestError(undefined, ({ node }) => nodes.includes(node));
  if (error !== undefined && model.nowUs - error.atUs < RECENT_US) return { causes: [error], remark };
  if (reader === undefined) return { causes: [], remark };
  const slow = {
    ending: 'its members read more slowly than producers write',
    settings: [ofClient(reader, 'max.poll.records')],
  };
  return { causes: [slow], remark };
}

/** Who is gone keeps its partitions until its session is over. */
function stillMembers(group: GroupRecord, stopped: readonly TraceEvent[]): Decision['causes'] {
  const still = stopped.filter(({ node }) => [...group.members].some((member) => clientOf(member) === node));
  const [first] = still;
  if (first === undefined) return [];
  return [
    {
      ending: `its coordinator still counts with ${still.map(({ node }) => node).join(', ')}: the session is not over`,
      settings: [ofClient(first.node, 'session.timeout.ms')],
    },
  ];
}

/** What a member of a group owns, and why; undefined: nobody knows such a member. */
export function memberDecision(
  node: string,
  why: Why,
): { readonly owns: string; readonly decision: Decision } | undefined {
  const told = why.history.latestOf(
    'group-assignment-delivered',
    undefined,
    (event) => clientOf(text(event, 'member')) === node,
  );
  const stopped = stoppedBy(node, NOW, why);
  if (told === undefined && stopped === undefined) return undefined;
  const left = why.history.latestOf(
    'group-member-left',
    undefined,
    (event) => clientOf(text(event, 'member')) === node && (told === undefined || event.id > told.id),
  );
  const partitions = told === undefined || left !== undefined ? [] : list(told, 'partitions');
  const state = stopped === undefined ? 'runs' : 'does not run';
  const owns =
    partitions.length === 0
      ? 'owns nothing'
      : `owns ${counted(partitions.length, 'partition')}: ${partitions.join(', ')}`;
  const joint = stopped !== undefined && partitions.length > 0 ? 'and still' : 'and';
  return { owns: `${node} ${state}, ${joint} ${owns}`, decision: { causes: all(stopped, left ?? told) } };
}
