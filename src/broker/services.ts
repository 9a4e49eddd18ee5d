import type { Config } from '../config/config.ts';
import type { BrokerCoordination, BrokerIdentity } from '../coordinator/index.ts';
import type { Context } from '../kernel/api.ts';
import type { Api, Release, RequestOf } from '../protocol/schema.ts';
import type { VersionRange } from '../protocol/versions.ts';
import type { ServerRequest } from '../rpc/api.ts';
import type { ApiHandler } from './api.ts';
import type { Coordinators } from './coordinators.ts';
import type { FetchSessions } from './fetch-sessions.ts';
import type { ProducerIds } from './producer-ids.ts';
import type { ClientQuotas } from './quotas/client-quotas.ts';
import type { ReplicaManager } from './replica-manager.ts';
import type { Authorizer } from './security/authorizer.ts';
import type { BrokerSettings } from './settings.ts';
import type { TopicCreation } from './topic-creation.ts';
import type { TransactionVerifier } from './transaction-verifier.ts';

/** What a broker made at its start, for its API handlers. */
export interface BrokerServices {
  readonly context: Context;
  readonly identity: BrokerIdentity;
  readonly clusterId: string;
  readonly release: Release;
  /** Static settings; dynamic ones lie over them in the metadata. */
  readonly config: Config;
  readonly settings: BrokerSettings;
  readonly coordination: BrokerCoordination;
  /** Null: everything is allowed. */
  readonly authorizer: Authorizer | null;
  readonly quotas: ClientQuotas;
  readonly replicas: ReplicaManager;
  readonly sessions: FetchSessions;
  readonly producerIds: ProducerIds;
  readonly topicCreation: TopicCreation;
  readonly coordinators: Coordinators;
  readonly verifier: TransactionVerifier;
  /** Internal topics that a coordinator of this broker looks after. */
  readonly coordinatedTopics: ReadonlySet<string>;
  /** What this broker answers, by API key, in ascending order. */
  readonly offered: ReadonlyMap<number, VersionRange>;
}

export type BrokerApi = ApiHandler<BrokerServices>;

/** An API with its handler. The only place where a request's body gets its type back. */
export function handler<A extends Api>(
  api: A,
  handle: (services: BrokerServices, request: ServerRequest<RequestOf<A>>) => void,
): BrokerApi {
  return { api, handle: (services, request) => handle(services, request as ServerRequest<RequestOf<A>>) };
}
