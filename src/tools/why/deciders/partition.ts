/** Values of partitions: the decision of the authority, or what befell the replica that is asked. */
import type { ClusterModel } from '../../../cluster/model/cluster-model.ts';
import { isAvailable } from '../../../cluster/observables/partition.ts';
import type { TraceEvent } from '../../../kernel/api.ts';
import { number, text } from '../fields.ts';
import { changeOf, departuresBefore, latestChange, latestLeaderChange } from '../rules/leadership.ts';
import { startDecision } from '../rules/log-start.ts';
import { silencer, stoppedBy } from '../rules/silence.ts';
import { type Cause, type Decision, ofTopic, topicOf, type Why } from '../telling.ts';
import { noElection } from './coordination.ts';
import { all, type Decider, NOW, type Question, remarked } from './decider.ts';
import { replicaDecider } from './replica.ts';

/** What happened to a log longer ago does not decide where it ends now. */
const RECENT_US = 15_000_000;

export const partitionDecider: Decider = (question, why) => {
  const { name, property, replica, model } = question;
  if (replica !== undefined) return replicaDecider(question, why);
  switch (property) {
    case 'leader':
      return whoLeads(question, why);
    case 'epoch':
      return latestChange(name, undefined, why, (change) => differs(change, 'leaderEpoch', why)) ?? created(name, why);
    case 'isr':
      return isrChange(name, why) ?? latestChange(name, undefined, why);
    case 'replicas':
    case 'elr':
      return latestChange(name, undefined, why, (change) => differs(change, property, why)) ?? created(name, why);
    case 'available':
      return isAvailable(model, name)
        ? (latestLeaderChange(name, undefined, why) ?? created(name, why))
        : offline(question, why);
    case 'unavailableFor':
      return isAvailable(model, name)
        ? (latestLeaderChange(name, undefined, why) ?? { ending: 'its leader has run all the time' })
        : offline(question, why);
    case 'lagging':
      return whyLagging(question, why);
    case 'start':
      return startDecision(name, `broker-${model.authority.partitions.get(name)?.leader}`, why) ?? created(name, why);
    case 'segments':
      return (
        why.history.latestOf('segments-deleted', undefined, (event) => text(event, 'partition') === name) ?? {
          ending: 'its log goes on in a new file where one is full',
          settings: [ofTopic(topicOf(name), 'segment.bytes')],
        }
      );
    default:
      return whereItEnds(question, why);
  }
};

function created(name: string, why: Why): TraceEvent | undefined {
  return latestChange(name, undefined, why, (change) => changeOf(change, why).before === undefined);
}

function isrChange(name: string, why: Why): TraceEvent | undefined {
  return latestChange(name, undefined, why, (change) => {
    const { departed, joined } = changeOf(change, why);
    return departed.length + joined.length > 0;
  });
}

function differs(change: TraceEvent, field: string, why: Why): boolean {
  const before = latestChange(text(change, 'partition'), change.id, why);
  if (before === undefined) return false;
  const at = change.kind.fields.indexOf(field);
  return String(before.values[at]) !== String(change.values[at]);
}

/** Leads, or would if it ran. */
function whoLeads(question: Question, why: Why): Cause | Decision {
  const { name, model } = question;
  const leader = model.authority.partitions.get(name)?.leader;
  if (leader === undefined) return undefined;
  if (leader < 0) return latestChange(name, undefined, why);
  if (stoppedBy(`broker-${leader}`, NOW, why) !== undefined) return offline(question, why);
  return latestLeaderChange(name, undefined, why) ?? latestChange(name, undefined, why);
}

/** Nobody serves it: the leader that the authority names does not run, or is not ready; why is there no other? */
export function offline({ name, model }: Question, why: Why): Cause | Decision {
  const record = model.authority.partitions.get(name);
  if (record === undefined) return undefined;
  const change = latestChange(name, undefined, why);
  if (record.leader < 0) return change;
  const node = `broker-${record.leader}`;
  const stopped = stoppedBy(node, NOW, why);
  if (stopped === undefined) return change;
  const alone = record.isr.every((id) => stoppedBy(`broker-${id}`, NOW, why) !== undefined);
  const others = alone ? departuresBefore(name, undefined, why) : [];
  const standstill = alone ? { causes: [] } : noElection(model, record.leader, why);
  return {
    causes: all(stopped, ...others, ...standstill.causes),
    remark: `${node}, its leader, does not run${alone ? `, and no member of its ISR [${record.isr.join(', ')}] does` : ''}${standstill.remark ?? ''}`,
  };
}

function whyLagging({ name, model }: Question, why: Why): Cause | Decision {
  const record = model.authority.partitions.get(name);
  const end = record && model.replicas.get(name, record.leader)?.logEndOffset;
  if (record === undefined || end === undefined) return undefined;
  const behind = record.replicas.filter((id) => (model.replicas.get(name, id)?.logEndOffset ?? 0) < end);
  if (behind.length === 0) return { ending: 'every replica has what its leader has' };
  const causes = behind.map((id) => whyBehind(id, name, record.leader, model, why));
  return causes.some((cause) => cause !== undefined)
    ? { causes: all(...causes) }
    : { ending: 'they are about to fetch it' };
}

/** What keeps a replica from its leader's records. */
function whyBehind(id: number, name: string, leader: number, model: ClusterModel, why: Why): Cause {
  const node = `broker-${id}`;
  const fell = why.history.latestOf(
    'replica-fell-behind',
    undefined,
    (event) => text(event, 'partition') === name && number(event, 'replica') === id,
  );
  return (
    stoppedBy(node, NOW, why) ??
    silencer(NOW, why, { node, sinceUs: model.nowUs - 1_000_000, listener: `broker-${leader}`, api: 'Fetch' }) ??
    (fell !== undefined && model.nowUs - fell.atUs < RECENT_US ? fell : undefined)
  );
}

/** Ends of logs move all the time; what a person wonders about is a cut, or that they stand still. */
function whereItEnds(question: Question, why: Why): Cause | Decision {
  const { name, property, model } = question;
  const record = model.authority.partitions.get(name);
  if (record === undefined) return undefined;
  if (!isAvailable(model, name)) return offline(question, why);
  const befell = why.history.latestOf(
    ['produce-rejected', 'log-truncated', 'produce-timed-out'],
    undefined,
    (event) => text(event, 'partition') === name,
  );
  if (befell !== undefined && model.nowUs - befell.atUs < RECENT_US) return befell;
  const leader = model.replicas.get(name, record.leader);
  if (property === 'hw' && leader !== undefined && leader.highWatermark < leader.logEndOffset) {
    const slow = record.isr.flatMap((id) =>
      id === record.leader ? [] : [whyBehind(id, name, record.leader, model, why)],
    );
    const remark = `the log ends at ${leader.logEndOffset}; all of its ISR [${record.isr.join(', ')}] must have fetched a record before it counts as committed`;
    if (slow.some((cause) => cause !== undefined)) return { causes: all(...slow), remark };
  }
  return remarked(whoWrites(topicOf(name), why) ?? latestChange(name, undefined, why), undefined);
}

/** Who sends to a topic. */
export function whoWrites(topic: string, { history }: Why): TraceEvent | undefined {
  return (
    history.latestOf(['sending-started', 'sending-stopped'], undefined, (event) => text(event, 'topic') === topic) ??
    history.latestOf('topic-created', undefined, (created) => text(created, 'topic') === topic)
  );
}

/** The shrinks behind an ISR that lacks somebody. */
export function shrinks(name: string, why: Why): Decision {
  return { causes: departuresBefore(name, undefined, why) };
}

/** Names a few of many. */
export function few(names: readonly string[]): string {
  return names.length <= 4 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
}

/** One of the users' partitions before one of Kafka's own. */
export function foremost(names: readonly string[]): readonly string[] {
  return [...names].sort((a, b) => Number(a.startsWith('__')) - Number(b.startsWith('__')));
}
