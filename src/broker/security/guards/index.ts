import type { Guard } from '../guard.ts';
import { clusterGuards } from './cluster.ts';
import { groupGuards } from './groups.ts';
import { recordGuards } from './records.ts';
import { topicGuards } from './topics.ts';
import { transactionGuards } from './transactions.ts';

/** By API key. An API that is not here asks for nothing, or asks by itself (Fetch). */
export const GUARDS: ReadonlyMap<number, Guard> = new Map(
  [...recordGuards, ...topicGuards, ...groupGuards, ...transactionGuards, ...clusterGuards].map((guard) => [
    guard.api.key,
    guard,
  ]),
);
