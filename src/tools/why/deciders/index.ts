/** Who finds the event that decided a value, by the kind of thing that has it. */
import type { Cluster } from '../../../cluster/cluster.ts';
import type { ClusterModel } from '../../../cluster/model/cluster-model.ts';
import type { Catalog } from '../../../cluster/names.ts';
import { allNodes, nodeName, parseMember, parsePartition, partitionName } from '../../../cluster/names.ts';
import { countPartitions, offline, underReplicated } from '../../../cluster/observables/cluster.ts';
import type { SubjectKind } from '../../../cluster/observables/observable.ts';
import type { Spoken } from '../../../cluster/observables/resolve.ts';
import type { Decision, Why } from '../telling.ts';
import { producerDecider } from './client.ts';
import { clusterDecider, topicDecider } from './cluster.ts';
import { controllerDecider, quorumDecider, znodeDecider } from './coordination.ts';
import { type Decider, decided } from './decider.ts';
import { groupDecider } from './group.ts';
import { ledgerDecider } from './ledger.ts';
import { nodeDecider } from './node.ts';
import { partitionDecider } from './partition.ts';
import { realClientDecider } from './real-client.ts';
import { transactionDecider } from './transaction.ts';

const DECIDERS: Readonly<Record<SubjectKind, Decider>> = {
  partition: partitionDecider,
  topic: topicDecider,
  cluster: clusterDecider,
  controller: controllerDecider,
  quorum: quorumDecider,
  node: nodeDecider,
  znode: znodeDecider,
  producer: producerDecider,
  'real client': realClientDecider,
  group: groupDecider,
  transaction: transactionDecider,
  ledger: ledgerDecider,
};

/** What made a value what it is. */
export function decideSpoken({ kind, name, property, replica, args }: Spoken, cluster: Cluster, why: Why): Decision {
  return decided(DECIDERS[kind]({ name, property, replica, args, model: cluster.model, cluster }, why));
}

/** Whether it is a member of a group, by its node. */
export function isMember(name: string, catalog: Catalog): boolean {
  const client = catalog.clients().get(parseMember(name).client);
  return (
    client !== undefined &&
    client.kind !== 'producer' &&
    allNodes(catalog).includes(name) &&
    !catalog.groups().has(name)
  );
}

/** The value that a person means who only says a name, as a path; undefined: none. `2` is a broker. */
export function barePath(subject: string, { catalog, model }: Cluster): string | undefined {
  if (/[.(]/.test(subject)) return undefined;
  const name = nodeName(subject);
  const partition = parsePartition(name);
  if (partition !== undefined && partition.partition < (catalog.topics().get(partition.topic) ?? 0))
    return `${partitionName(partition)}.leader`;
  if (catalog.clients().get(parseMember(name).client)?.kind === 'producer') return `client(${name}).lastError`;
  if (catalog.groups().has(name)) return `group(${name}).state`;
  if (catalog.realClients().has(name)) return `client(${name}).lastError`;
  if (catalog.topics().has(name)) return `topic(${name}).${troubled(name, model)}`;
  const single = SINGLE[name];
  if (single !== undefined) return `${name}.${single}`;
  return allNodes(catalog).includes(name) ? `node(${name}).state` : undefined;
}

const SINGLE: Readonly<Record<string, string>> = {
  controller: 'id',
  quorum: 'leader',
  cluster: 'offlinePartitions',
  ledger: 'lost',
};

/** What is wrong with a topic, or how much it holds. */
function troubled(topic: string, model: ClusterModel): string {
  if (countPartitions(model, topic, (record) => offline(model, record)) > 0) return 'offline';
  return countPartitions(model, topic, underReplicated) > 0 ? 'underReplicated' : 'records';
}
