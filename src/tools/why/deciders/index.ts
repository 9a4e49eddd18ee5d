/** Who finds the event that decided a value, by the kind of thing that has it. */
import type { Catalog } from '../../../cluster/names.ts';
import { allNodes, parsePartition } from '../../../cluster/names.ts';
import type { SubjectKind } from '../../../cluster/observables/observable.ts';
import type { Decider } from './decider.ts';
import {
  controllerDecider,
  groupDecider,
  ledgerDecider,
  nodeDecider,
  producerDecider,
  quorumDecider,
  transactionDecider,
  znodeDecider,
} from './others.ts';
import { clusterDecider, partitionDecider, topicDecider } from './partition.ts';

export const DECIDERS: Readonly<Record<SubjectKind, Decider>> = {
  partition: partitionDecider,
  topic: topicDecider,
  cluster: clusterDecider,
  controller: controllerDecider,
  quorum: quorumDecider,
  node: nodeDecider,
  znode: znodeDecider,
  producer: producerDecider,
  group: groupDecider,
  transaction: transactionDecider,
  ledger: ledgerDecider,
};

/** The value that a person means who only says a name; undefined: none. */
export function bareProperty(name: string, catalog: Catalog): string | undefined {
  const partition = parsePartition(name);
  if (partition !== undefined && partition.partition < (catalog.topics().get(partition.topic) ?? 0)) return 'leader';
  const client = catalog.clients().get(name);
  if (client?.kind === 'producer') return 'lastError';
  if (catalog.groups().has(name)) return 'state';
  if (name === 'controller') return 'id';
  if (name === 'quorum') return 'leader';
  return allNodes(catalog).includes(name) ? 'state' : undefined;
}
