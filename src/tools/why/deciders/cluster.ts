/** Values that count partitions or brokers: what became of the first that is counted. */
import type { PartitionRecord } from '../../../cluster/model/authority.ts';
import type { ClusterModel } from '../../../cluster/model/cluster-model.ts';
import { offline as isOffline, underMinIsr, underReplicated } from '../../../cluster/observables/cluster.ts';
import type { TraceEvent } from '../../../kernel/api.ts';
import { text } from '../fields.ts';
import { changeOf, latestLeaderChange } from '../rules/leadership.ts';
import { stoppedBy } from '../rules/silence.ts';
import { type Cause, type Decision, ofBroker, topicOf, type Why } from '../telling.ts';
import { all, type Decider, decided, NOW, type Question } from './decider.ts';
import { few, foremost, offline, shrinks, whoWrites } from './partition.ts';

type Counted = (record: PartitionRecord, model: ClusterModel) => boolean;

const COUNTED: Readonly<Record<string, readonly [Counted, string]>> = {
  offline: [(record, model) => isOffline(model, record), 'every partition has a leader that serves'],
  underReplicated: [underReplicated, 'every replica is in its ISR'],
  underMinIsr: [(record, model) => underMinIsr(model, record), 'every ISR is large enough'],
};

/** Of all partitions, or those of a topic, that are so: which they are, and what decided the first. */
function counted(what: keyof typeof COUNTED, topic: string | null, question: Question, why: Why): Cause | Decision {
  const { model } = question;
  const [holds, none] = COUNTED[what]!;
  const found: string[] = [];
  for (const record of model.authority.partitions.values())
    if ((topic === null || record.topic === topic) && holds(record, model)) found.push(record.name);
  const names = foremost(found);
  const [name] = names;
  if (name === undefined) return recovered(topic, what, none, why);
  const decision = what === 'offline' ? decided(offline({ ...question, name }, why)) : shrinks(name, why);
  return {
    causes: decision.causes,
    remark: `${few(names)}${decision.remark === undefined ? '' : `: ${decision.remark}`}`,
  };
}

/** It was otherwise once: what mended it. */
function recovered(topic: string | null, what: string, none: string, why: Why): Cause {
  const mended = why.history.latestOf('partition-changed', undefined, (event) => {
    if (topic !== null && topicOf(text(event, 'partition')) !== topic) return false;
    const { joined, newLeader, before } = changeOf(event, why);
    return what === 'offline' ? newLeader && before?.leader === -1 : joined.length > 0;
  });
  return mended ?? { ending: none };
}

export const topicDecider: Decider = (question, why) =>
  question.property === 'records'
    ? whoWrites(question.name, why)
    : counted(question.property, question.name, question, why);

export const clusterDecider: Decider = (question, why) => {
  const { history } = why;
  const { model, property } = question;
  switch (property) {
    case 'brokers':
    case 'fenced':
      return brokers(question, why);
    case 'activeControllers':
      return history.latestOf(['controller-elected', 'controller-resigned'], undefined);
    case 'uncleanElections':
      return (
        history.latestOf('partition-changed', undefined, (change) => change.values[9] === true) ?? {
          ending: 'every leader was elected from its ISR',
        }
      );
    case 'preferredLeaderImbalance':
      return imbalance(model, why);
    default:
      return counted(property.replace(/Partitions$/, ''), null, question, why);
  }
};

/** Which brokers the authority counts with; a dead one may not have been noticed yet. */
function brokers({ model, property }: Question, why: Why): Decision {
  const known: TraceEvent | undefined = why.history.latestOf(
    ['broker-fenced', 'broker-unfenced', 'broker-registered', 'broker-unregistered'],
    undefined,
  );
  const unnoticed = [...model.authority.brokers.values()].flatMap(({ id, fenced }) =>
    fenced ? [] : (stoppedBy(`broker-${id}`, NOW, why) ?? []),
  );
  if (property === 'fenced' || unnoticed.length === 0) return { causes: all(known) };
  const names = unnoticed.map(({ node }) => node).join(', ');
  return { causes: all(...unnoticed, known), remark: `nobody has noticed yet that ${names} does not run` };
}

function imbalance(model: ClusterModel, why: Why): Cause | Decision {
  const names = [...model.authority.partitions.values()].flatMap(({ name, leader, replicas }) =>
    leader === replicas[0] ? [] : [name],
  );
  const [name] = foremost(names);
  if (name === undefined) return { ending: 'each is led by the first of its replicas' };
  const rebalance = {
    ending: 'leaders come home only now and then',
    settings: [ofBroker('auto.leader.rebalance.enable'), ofBroker('leader.imbalance.check.interval.seconds')],
  };
  return { causes: all(latestLeaderChange(name, undefined, why), rebalance), remark: few(foremost(names)) };
}
