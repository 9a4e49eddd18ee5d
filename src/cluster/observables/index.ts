/** Every observable, by the kind of thing that it is told of. */
import { clusterObservables, controllerObservables, quorumObservables } from './cluster.ts';
import { groupObservables } from './group.ts';
import { ledgerObservables } from './ledger.ts';
import { nodeObservables } from './node.ts';
import type { ObservableTable, SubjectKind } from './observable.ts';
import { partitionObservables } from './partition.ts';
import { producerObservables } from './producer.ts';
import { realClientObservables } from './real-client.ts';
import { topicObservables } from './topic.ts';
import { transactionObservables } from './transaction.ts';
import { znodeObservables } from './znode.ts';

export const OBSERVABLES: Readonly<Record<SubjectKind, ObservableTable>> = {
  partition: partitionObservables,
  topic: topicObservables,
  cluster: clusterObservables,
  controller: controllerObservables,
  quorum: quorumObservables,
  node: nodeObservables,
  znode: znodeObservables,
  producer: producerObservables,
  'real client': realClientObservables,
  group: groupObservables,
  transaction: transactionObservables,
  ledger: ledgerObservables,
};
