/** Values of partitions and topics: the decision of the authority, or what befell the replica that is asked. */
import type { PartitionRecord } from '../../../cluster/model/authority.ts';
import { isAvailable } from '../../../cluster/observables/partition.ts';
import type { TraceEvent } from '../../../kernel/api.ts';
import { list, number, text } from '../fields.ts';
import { changeOf, latestChange, latestLeaderChange } from '../rules/leadership.ts';
import { stoppedBy } from '../rules/silence.ts';
import type { Why } from '../telling.ts';
import type { Decider } from './decider.ts';

/** An event after all others. */
export const NOW = { id: Number.MAX_SAFE_INTEGER } as TraceEvent;

export const partitionDecider: Decider = ({ name, property, replica, model }, why) => {
  if (replica !== undefined) return ofReplica(name, property, `broker-${replica}`, why);
  const record = model.authority.partitions.get(name);
  switch (property) {
    case 'leader':
      return latestLeaderChange(name, undefined, why) ?? latestChange(name, undefined, why);
    case 'epoch':
      return (
        latestChange(name, undefined, why, (change) => rises(change, name, 'leaderEpoch', why)) ??
        latestChange(name, undefined, why)
      );
    case 'isr':
      return isrChange(name, why) ?? latestChange(name, undefined, why);
    case 'available':
    case 'unavailableFor':
      return whyUnavailable(name, record, isAvailable(model, name), why);
    case 'lagging':
      return whyLagging(name, record, why);
    case 'hw':
    case 'leo':
    case 'start':
      return cutOrStuck(name, record, why);
    default:
      return latestChange(name, undefined, why);
  }
};

function isrChange(name: string, why: Why): TraceEvent | undefined {
  return latestChange(name, undefined, why, (change) => {
    const { departed, joined } = changeOf(change, why);
    return departed.length + joined.length > 0;
  });
}

function rises(change: TraceEvent, name: string, field: string, why: Why): boolean {
  const before = latestChange(name, change.id, why);
  return before !== undefined && number(before, field) !== number(change, field);
}

function ofReplica(name: string, property: string, node: string, why: Why): TraceEvent | undefined {
  const kinds: Readonly<Record<string, readonly string[]>> = {
    leader: ['became-leader', 'became-follower', 'replica-stopped'],
    epoch: ['became-leader', 'became-follower'],
    isr: ['isr-adopted', 'became-leader'],
  };
  const wanted = kinds[property] ?? ['log-truncated', 'became-follower', 'became-leader'];
  return why.history.latestOf(wanted, undefined, (event) => event.node === node && text(event, 'partition') === name);
}

function whyUnavailable(
  name: string,
  record: PartitionRecord | undefined,
  available: boolean,
  why: Why,
): TraceEvent | undefined {
  const change = latestLeaderChange(name, undefined, why) ?? latestChange(name, undefined, why);
  if (available || record === undefined || record.leader < 0) return change;
  return stoppedBy(`broker-${record.leader}`, NOW, why) ?? change;
}

function whyLagging(name: string, record: PartitionRecord | undefined, why: Why): TraceEvent | undefined {
  for (const id of record?.replicas ?? []) {
    const stopped = stoppedBy(`broker-${id}`, NOW, why);
    if (stopped !== undefined) return stopped;
  }
  return (
    why.history.latestOf('replica-fell-behind', undefined, (event) => text(event, 'partition') === name) ??
    isrChange(name, why)
  );
}

/** Ends of logs move all the time; what a person wonders about is a cut, or that they stand still. */
function cutOrStuck(name: string, record: PartitionRecord | undefined, why: Why): TraceEvent | undefined {
  const refused = why.history.latestOf(
    ['produce-rejected', 'log-truncated', 'produce-timed-out'],
    undefined,
    (event) => text(event, 'partition') === name,
  );
  if (record !== undefined && record.leader >= 0 && refused?.kind.name !== 'produce-rejected')
    return refused ?? latestChange(name, undefined, why);
  return refused ?? latestChange(name, undefined, why);
}

export const topicDecider: Decider = ({ name, property }, why) =>
  why.history.latestOf('partition-changed', undefined, (change) => {
    if (!text(change, 'partition').startsWith(`${name}-`)) return false;
    return property === 'offline'
      ? changeOf(change, why).newLeader
      : changeOf(change, why).departed.length + changeOf(change, why).joined.length > 0;
  }) ?? why.history.latestOf('topic-created', undefined, (created) => text(created, 'topic') === name);

export const clusterDecider: Decider = ({ property }, why) => {
  const { history } = why;
  switch (property) {
    case 'brokers':
    case 'fenced':
      return history.latestOf(
        ['broker-fenced', 'broker-unfenced', 'broker-registered', 'broker-unregistered'],
        undefined,
      );
    case 'activeControllers':
      return history.latestOf(['controller-elected', 'controller-resigned'], undefined);
    case 'uncleanElections':
      return history.latestOf('partition-changed', undefined, (change) => change.values[9] === true);
    case 'offlinePartitions':
    case 'preferredLeaderImbalance':
      return history.latestOf('partition-changed', undefined, (change) => changeOf(change, why).newLeader);
    default:
      return (
        history.latestOf(
          'partition-changed',
          undefined,
          (change) => list(change, 'isr').length < list(change, 'replicas').length,
        ) ?? history.latestOf('partition-changed', undefined)
      );
  }
};
