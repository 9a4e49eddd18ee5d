/**
 * Administrative requests that a broker passes on to the active controller (KIP-590: the Envelope of KRaft; in ZooKeeper mode
 * the coordination takes them where this broker is the controller). What comes back is passed on as it is.
 */
import { CreateTopics } from '../protocol/apis/19-create-topics.ts';
import { DeleteTopics } from '../protocol/apis/20-delete-topics.ts';
import { CreateAcls } from '../protocol/apis/30-create-acls.ts';
import { DeleteAcls } from '../protocol/apis/31-delete-acls.ts';
import { AlterConfigs } from '../protocol/apis/33-alter-configs.ts';
import { CreatePartitions } from '../protocol/apis/37-create-partitions.ts';
import { ElectLeaders } from '../protocol/apis/43-elect-leaders.ts';
import { IncrementalAlterConfigs } from '../protocol/apis/44-incremental-alter-configs.ts';
import { AlterPartitionReassignments } from '../protocol/apis/45-alter-partition-reassignments.ts';
import { ListPartitionReassignments } from '../protocol/apis/46-list-partition-reassignments.ts';
import { AlterClientQuotas } from '../protocol/apis/49-alter-client-quotas.ts';
import { AlterUserScramCredentials } from '../protocol/apis/51-alter-user-scram-credentials.ts';
import { DescribeQuorum } from '../protocol/apis/55-describe-quorum.ts';
import { UpdateFeatures } from '../protocol/apis/57-update-features.ts';
import { UnregisterBroker } from '../protocol/apis/64-unregister-broker.ts';
import { AddRaftVoter } from '../protocol/apis/80-add-raft-voter.ts';
import { RemoveRaftVoter } from '../protocol/apis/81-remove-raft-voter.ts';
import { errorMeaning } from '../protocol/errors.ts';
import type { Api, RequestOf, ResponseOf } from '../protocol/schema.ts';
import { type BrokerApi, handler } from './services.ts';

/** How long a broker keeps trying to reach a controller, whatever the client's own time-out. */
const FORWARD_TIMEOUT_MS = 60_000;

/** An API of the controller, and how it says that no controller was reached. */
function forwarded<A extends Api>(
  api: A,
  failure: (body: RequestOf<A>, error: number, message: string) => ResponseOf<A>,
): BrokerApi {
  return handler(api, ({ coordination }, request) => {
    coordination.forward(api, request.version, request.body, FORWARD_TIMEOUT_MS, (response, error) => {
      request.respond(response ?? failure(request.body, error, errorMeaning(error)));
    });
  });
}

export const forwardedApis: readonly BrokerApi[] = [
  forwarded(CreateTopics, ({ topics }, errorCode, errorMessage) =>
    CreateTopics.response.make({ topics: topics.map(({ name }) => ({ name, errorCode, errorMessage })) }),
  ),
  forwarded(DeleteTopics, ({ topics, topicNames }, errorCode, errorMessage) =>
    DeleteTopics.response.make({
      responses: [...topics, ...topicNames.map((name) => ({ name, topicId: undefined }))].map(({ name, topicId }) => ({
        name,
        topicId,
        errorCode,
        errorMessage,
      })),
    }),
  ),
  forwarded(CreatePartitions, ({ topics }, errorCode, errorMessage) =>
    CreatePartitions.response.make({ results: topics.map(({ name }) => ({ name, errorCode, errorMessage })) }),
  ),
  forwarded(ElectLeaders, (_, errorCode) => ElectLeaders.response.make({ errorCode })),
  forwarded(AlterConfigs, ({ resources }, errorCode, errorMessage) =>
    AlterConfigs.response.make({
      responses: resources.map(({ resourceType, resourceName }) => ({
        errorCode,
        errorMessage,
        resourceType,
        resourceName,
      })),
    }),
  ),
  forwarded(IncrementalAlterConfigs, ({ resources }, errorCode, errorMessage) =>
    IncrementalAlterConfigs.response.make({
      responses: resources.map(({ resourceType, resourceName }) => ({
        errorCode,
        errorMessage,
        resourceType,
        resourceName,
      })),
    }),
  ),
  forwarded(CreateAcls, ({ creations }, errorCode, errorMessage) =>
    CreateAcls.response.make({ results: creations.map(() => ({ errorCode, errorMessage })) }),
  ),
  forwarded(DeleteAcls, ({ filters }, errorCode, errorMessage) =>
    DeleteAcls.response.make({ filterResults: filters.map(() => ({ errorCode, errorMessage })) }),
  ),
  forwarded(AlterClientQuotas, ({ entries }, errorCode, errorMessage) =>
    AlterClientQuotas.response.make({ entries: entries.map(({ entity }) => ({ errorCode, errorMessage, entity })) }),
  ),
  forwarded(AlterUserScramCredentials, ({ deletions, upsertions }, errorCode, errorMessage) =>
    AlterUserScramCredentials.response.make({
      results: [...new Set([...deletions, ...upsertions].map(({ name }) => name))].map((user) => ({
        user,
        errorCode,
        errorMessage,
      })),
    }),
  ),
  forwarded(AlterPartitionReassignments, (_, errorCode, errorMessage) =>
    AlterPartitionReassignments.response.make({ errorCode, errorMessage }),
  ),
  forwarded(ListPartitionReassignments, (_, errorCode, errorMessage) =>
    ListPartitionReassignments.response.make({ errorCode, errorMessage }),
  ),
  forwarded(DescribeQuorum, (_, errorCode, errorMessage) => DescribeQuorum.response.make({ errorCode, errorMessage })),
  forwarded(UpdateFeatures, (_, errorCode, errorMessage) => UpdateFeatures.response.make({ errorCode, errorMessage })),
  forwarded(AddRaftVoter, (_, errorCode, errorMessage) => AddRaftVoter.response.make({ errorCode, errorMessage })),
  forwarded(RemoveRaftVoter, (_, errorCode, errorMessage) =>
    RemoveRaftVoter.response.make({ errorCode, errorMessage }),
  ),
  forwarded(UnregisterBroker, (_, errorCode, errorMessage) =>
    UnregisterBroker.response.make({ errorCode, errorMessage }),
  ),
];
