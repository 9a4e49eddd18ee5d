import { nodeValue, type Value } from '../expression/value.ts';
import type { ClusterModel } from '../model/cluster-model.ts';
import type { GroupRecord } from '../model/groups.ts';
import type { Observable, ObservableTable } from './observable.ts';

function of(read: (group: GroupRecord, model: ClusterModel) => Value, none: Value): Observable['read'] {
  return (model, { name }) => {
    const group = model.groups.all.get(name);
    return group === undefined ? none : read(group, model);
  };
}

/** By how much the ends of the partitions are ahead that the group reads: those it owns, has positions in or has committed. */
export function lagsOf(
  group: GroupRecord,
  model: ClusterModel,
  from: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const partitions = new Set([...group.committed.keys(), ...group.positions.keys()]);
  for (const owned of group.assignments.values()) for (const name of owned) partitions.add(name);
  const found = new Map<string, number>();
  for (const name of partitions) {
    const record = model.authority.partitions.get(name);
    const leader = record && model.replicas.get(name, record.leader);
    // Without an offset it would begin where it was set to begin, or at the start.
    const at = from.get(name) ?? group.starts.get(name) ?? leader?.logStartOffset ?? 0;
    if (leader !== undefined) found.set(name, Math.max(0, leader.highWatermark - at));
  }
  return found;
}

const lags = (group: GroupRecord, model: ClusterModel, from: ReadonlyMap<string, number>): number[] => [
  ...lagsOf(group, model, from).values(),
];

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

export const groupObservables: ObservableTable = [
  {
    name: 'state',
    type: 'name',
    about: 'Empty, PreparingRebalance, CompletingRebalance, Stable or Dead',
    domains: ['groups'],
    read: of((group) => group.state, 'Dead'),
  },
  {
    name: 'members',
    type: 'number',
    about: 'members that its coordinator knows',
    domains: ['groups'],
    read: of((group) => group.members.size, 0),
  },
  {
    name: 'generation',
    type: 'number',
    about: 'generation id',
    domains: ['groups'],
    read: of((group) => group.generation, 0),
  },
  {
    name: 'coordinator',
    type: 'name',
    about: 'broker that coordinates it, or none',
    domains: ['groups', 'nodes'],
    read: of((group) => (group.coordinator === null ? null : nodeValue(group.coordinator)), null),
  },
  {
    name: 'consumed',
    type: 'number',
    about: 'records handed to its members so far',
    domains: ['groups'],
    read: of((group) => group.consumed, 0),
  },
  {
    name: 'assigned',
    type: 'number',
    about: 'partitions that the members of this generation were told to own',
    domains: ['groups'],
    read: of((group) => sum([...group.assignments.values()].map((owned) => owned.length)), 0),
  },
  {
    name: 'lag',
    type: 'number',
    about: 'sum over its partitions of end − committed offset',
    domains: ['groups', 'logs', 'authority'],
    read: of((group, model) => sum(lags(group, model, group.committed)), 0),
  },
  {
    name: 'maxLag',
    type: 'number',
    about: 'the largest of them',
    domains: ['groups', 'logs', 'authority'],
    read: of((group, model) => Math.max(0, ...lags(group, model, group.committed)), 0),
  },
  {
    name: 'positionLag',
    type: 'number',
    about: 'sum over its partitions of end − position of the reader',
    domains: ['groups', 'logs', 'authority'],
    read: of((group, model) => sum(lags(group, model, group.positions)), 0),
  },
  {
    name: 'rebalances',
    type: 'number',
    about: 'generations completed after the first Stable',
    domains: ['groups'],
    read: of((group) => group.rebalances, 0),
  },
];
