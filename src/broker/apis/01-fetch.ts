/**
 * Fetch, versions as the release offers them (3.9: 0–17, 4.2: 4–18; sessions from 7, diverging epochs from 12, topic ids from 13).
 *
 * Followers read to the leader's log end, consumers what is committed; both may wait for bytes (`DelayedFetch`). A follower's
 * fetch is also its acknowledgement: its offset says that it has everything before. KIP-227 (sessions), KIP-595 (diverging
 * epochs), KIP-392 (consumers may read followers), KIP-903 (broker epochs of followers); Kafka's `KafkaApis.handleFetchRequest`
 * and `ReplicaManager.fetchMessages`.
 *
 * Not simulated: quotas, selectors of a replica other than Kafka's own, conversion to old message formats.
 */
import { Operation, ResourceType } from '../../protocol/acl.ts';
import { Fetch } from '../../protocol/apis/01-fetch.ts';
import type { Peer } from '../../rpc/api.ts';
import { DelayedFetch } from '../delayed-fetch.ts';
import { replicaEpochOf } from '../fetch-request.ts';
import type { FetchWatch } from '../fetch-watch.ts';
import { type BrokerServices, handler } from '../services.ts';

const READ_COMMITTED = 1;
const FIRST_VERSION_FROM_FOLLOWERS = 11;

export const fetch = handler(Fetch, (services, request) => {
  const { replicas, sessions } = services;
  const { body, version } = request;
  const context = sessions.open(body, version);
  if (context.kind === 'refused') {
    request.respond({ throttleTimeMs: 0, errorCode: context.error, sessionId: 0, responses: [], nodeEndpoints: [] });
    return;
  }
  const { watch, session } = context;
  watch.brokerEpoch = replicaEpochOf(body, version);
  watch.readCommitted = body.isolationLevel === READ_COMMITTED;
  watch.anyReplica = version >= FIRST_VERSION_FROM_FOLLOWERS;
  authorize(services, request.peer, watch);
  watch.rackId = watch.replicaId < 0 ? body.rackId : '';
  new DelayedFetch(replicas, request, { watch, session, everything: context.kind === 'full' }).arrive();
});

/** Followers act for the cluster; consumers may read the topics that ACLs allow them (in a session: by the ACLs of now). */
function authorize({ authorizer, coordination }: BrokerServices, { identity }: Peer, watch: FetchWatch): void {
  if (authorizer === null || identity.isTrusted) return;
  const { acls } = coordination.image.security;
  if (watch.replicaId >= 0) {
    const ofCluster = authorizer.allowsOnCluster(identity, Operation.clusterAction);
    watch.authorize(() => ofCluster, acls);
  } else {
    watch.authorize((topic) => authorizer.allows(identity, Operation.read, ResourceType.topic, topic), acls);
  }
}
