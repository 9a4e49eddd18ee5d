/** How each kind is told, all in one: a test fails where a notable kind is forgotten. */
import type { Tellings } from '../telling.ts';
import { authorityTellings, sessionTellings } from './authority.ts';
import { clientTellings } from './clients.ts';
import { groupTellings } from './groups.ts';
import { machineTellings, scenarioTellings } from './machine.ts';
import { quorumTellings, zookeeperModeTellings } from './quorum.ts';
import { replicationTellings } from './replication.ts';
import { storageTellings } from './storage.ts';
import { transactionTellings } from './transactions.ts';

export const TELLINGS: Tellings = {
  ...machineTellings,
  ...scenarioTellings,
  ...authorityTellings,
  ...sessionTellings,
  ...quorumTellings,
  ...zookeeperModeTellings,
  ...replicationTellings,
  ...storageTellings,
  ...groupTellings,
  ...transactionTellings,
  ...clientTellings,
};
