/** The APIs of the active controller: how each decides, and how it says that somebody else is the controller. */
import { CreateTopics, type CreateTopicsRequest } from '../../../protocol/apis/19-create-topics.ts';
import { DeleteTopics, type DeleteTopicsRequest } from '../../../protocol/apis/20-delete-topics.ts';
import { CreateAcls, type CreateAclsRequest } from '../../../protocol/apis/30-create-acls.ts';
import { DeleteAcls, type DeleteAclsRequest } from '../../../protocol/apis/31-delete-acls.ts';
import { AlterConfigs, type AlterConfigsRequest } from '../../../protocol/apis/33-alter-configs.ts';
import { CreatePartitions, type CreatePartitionsRequest } from '../../../protocol/apis/37-create-partitions.ts';
import { ElectLeaders, type ElectLeadersRequest } from '../../../protocol/apis/43-elect-leaders.ts';
import {
  IncrementalAlterConfigs,
  type IncrementalAlterConfigsRequest,
} from '../../../protocol/apis/44-incremental-alter-configs.ts';
import {
  AlterPartitionReassignments,
  type AlterPartitionReassignmentsRequest,
} from '../../../protocol/apis/45-alter-partition-reassignments.ts';
import {
  ListPartitionReassignments,
  type ListPartitionReassignmentsRequest,
} from '../../../protocol/apis/46-list-partition-reassignments.ts';
import { AlterClientQuotas, type AlterClientQuotasRequest } from '../../../protocol/apis/49-alter-client-quotas.ts';
import {
  AlterUserScramCredentials,
  type AlterUserScramCredentialsRequest,
} from '../../../protocol/apis/51-alter-user-scram-credentials.ts';
import {
  DescribeQuorum,
  type DescribeQuorumRequest,
  type DescribeQuorumResponse,
} from '../../../protocol/apis/55-describe-quorum.ts';
import { AlterPartition, type AlterPartitionRequest } from '../../../protocol/apis/56-alter-partition.ts';
import { UpdateFeatures, type UpdateFeaturesRequest } from '../../../protocol/apis/57-update-features.ts';
import { BrokerRegistration, type BrokerRegistrationRequest } from '../../../protocol/apis/62-broker-registration.ts';
import { BrokerHeartbeat, type BrokerHeartbeatRequest } from '../../../protocol/apis/63-broker-heartbeat.ts';
import { UnregisterBroker, type UnregisterBrokerRequest } from '../../../protocol/apis/64-unregister-broker.ts';
import {
  AllocateProducerIds,
  type AllocateProducerIdsRequest,
} from '../../../protocol/apis/67-allocate-producer-ids.ts';
import { AddRaftVoter } from '../../../protocol/apis/80-add-raft-voter.ts';
import { RemoveRaftVoter } from '../../../protocol/apis/81-remove-raft-voter.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import type { Hashing } from '../../../protocol/ports.ts';
import type { Api } from '../../../protocol/schema.ts';
import { METADATA_TOPIC } from '../../../storage/metadata-log.ts';
import { decideAlterConfigs, decideReplaceConfigs } from './alter-configs.ts';
import { decideAlterPartition } from './alter-partition.ts';
import { decideHeartbeat, noteHeartbeat } from './broker-life.ts';
import { decideCreatePartitions } from './create-partitions.ts';
import { decideCreateTopics } from './create-topics.ts';
import { decideDeleteTopics } from './delete-topics.ts';
import { decideElectLeaders } from './elect-leaders.ts';
import { decideProducerIds } from './producer-ids.ts';
import { decideListReassignments, decideReassign } from './reassign.ts';
import { decideRegistration } from './registration.ts';
import { decideClientQuotas, decideCreateAcls, decideDeleteAcls, decideScramCredentials } from './security.ts';
import type { ControllerState, Decision } from './state.ts';
import { decideUnregister } from './unregister-broker.ts';
import { decideUpdateFeatures } from './update-features.ts';

/** What a decision may know beside the state. */
export interface Moment {
  readonly nowMs: number;
  readonly newTopicId: () => string;
  readonly newAclId: () => string;
  readonly hashing: Hashing | undefined;
  /** What this node, as leader of the quorum, knows of it. */
  readonly describeQuorum: (request: DescribeQuorumRequest) => DescribeQuorumResponse;
}

export interface ControllerApi {
  readonly api: Api;
  /** The answer's body, and what the controller is to remember once the records (the last at `lastOffset`) are decided. */
  readonly decide: (
    state: ControllerState,
    body: unknown,
    moment: Moment,
  ) => Decision<unknown> & {
    readonly note?: (lastOffset: number) => void;
  };
  /** An answer that says this error everywhere. */
  readonly refuse: (body: unknown, errorCode: number) => unknown;
  /** Whether brokers wrap it into an Envelope, in the client's name. */
  readonly forwarded: boolean;
}

interface Description<Req, Res, ReqInit, ResInit> {
  readonly api: Api<Req, Res, ReqInit, ResInit>;
  readonly forwarded?: true;
  readonly decide: (state: ControllerState, body: Req, moment: Moment) => ReturnType<ControllerApi['decide']>;
  readonly refuse: (body: Req, errorCode: number) => ResInit;
}

/** The one place where a body, which the codec has checked, gets its type. */
function entry<Req, Res, ReqInit, ResInit>(description: Description<Req, Res, ReqInit, ResInit>): ControllerApi {
  const { api, decide, refuse } = description;
  return {
    api,
    decide: (state, body, moment) => decide(state, body as Req, moment),
    refuse: (body, errorCode) => api.response.make(refuse(body as Req, errorCode)),
    forwarded: description.forwarded === true,
  };
}

function refuseResources(
  { resources }: { resources: readonly { resourceType: number; resourceName: string }[] },
  errorCode: number,
) {
  const responses = resources.map(({ resourceType, resourceName }) => {
    return { resourceType, resourceName, errorCode, errorMessage: null };
  });
  return { responses };
}

/** Voters come and go only where `kraft.version` is 1 (KIP-853); the quorum here is that of `controller.quorum.voters`. */
function staticQuorum(api: typeof AddRaftVoter | typeof RemoveRaftVoter): Decision<unknown> {
  const errorMessage = 'The voters of this quorum cannot be changed: its kraft.version is 0.';
  const response = api.response.make({ errorCode: ErrorCode.UNSUPPORTED_VERSION, errorMessage });
  return { records: [], reason: '', response };
}

export const CONTROLLER_APIS: readonly ControllerApi[] = [
  entry({
    api: CreateTopics,
    forwarded: true,
    decide: (state, body: CreateTopicsRequest, { newTopicId }) => decideCreateTopics(state, body, newTopicId),
    refuse: ({ topics }, errorCode) => ({ topics: topics.map(({ name }) => ({ name, errorCode, configs: null })) }),
  }),
  entry({
    api: DeleteTopics,
    forwarded: true,
    decide: (state, body: DeleteTopicsRequest) => decideDeleteTopics(state, body),
    refuse: ({ topics, topicNames }, errorCode) => ({
      responses: [...topics, ...topicNames.map((name) => ({ name }))].map((topic) => ({ ...topic, errorCode })),
    }),
  }),
  entry({
    api: CreatePartitions,
    forwarded: true,
    decide: (state, body: CreatePartitionsRequest) => decideCreatePartitions(state, body),
    refuse: ({ topics }, errorCode) => ({ results: topics.map(({ name }) => ({ name, errorCode })) }),
  }),
  entry({
    api: ElectLeaders,
    forwarded: true,
    decide: (state, body: ElectLeadersRequest) => decideElectLeaders(state, body),
    refuse: (_body, errorCode) => ({ errorCode }),
  }),
  entry({
    api: IncrementalAlterConfigs,
    forwarded: true,
    decide: (state, body: IncrementalAlterConfigsRequest) => decideAlterConfigs(state, body),
    refuse: refuseResources,
  }),
  entry({
    api: AlterConfigs,
    forwarded: true,
    decide: (state, body: AlterConfigsRequest) => decideReplaceConfigs(state, body),
    refuse: refuseResources,
  }),
  entry({
    api: AlterPartitionReassignments,
    forwarded: true,
    decide: (state, body: AlterPartitionReassignmentsRequest) => decideReassign(state, body),
    refuse: (_body, errorCode) => ({ errorCode, errorMessage: null }),
  }),
  entry({
    api: ListPartitionReassignments,
    forwarded: true,
    decide: (state, body: ListPartitionReassignmentsRequest) => decideListReassignments(state, body),
    refuse: (_body, errorCode) => ({ errorCode, errorMessage: null }),
  }),
  entry({
    api: UnregisterBroker,
    forwarded: true,
    decide: (state, body: UnregisterBrokerRequest) => decideUnregister(state, body),
    refuse: (_body, errorCode) => ({ errorCode, errorMessage: null }),
  }),
  entry({
    api: DescribeQuorum,
    forwarded: true,
    decide: (_state, body: DescribeQuorumRequest, { describeQuorum }) => ({
      records: [],
      reason: '',
      response: describeQuorum(body),
    }),
    // Who asks a controller directly hears of the partition, not of the controllership.
    refuse: () => {
      const partitions = [{ errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER }];
      return { topics: [{ topicName: METADATA_TOPIC, partitions }] };
    },
  }),
  entry({
    api: CreateAcls,
    forwarded: true,
    decide: (state, body: CreateAclsRequest, { newAclId }) => decideCreateAcls(state, body, newAclId),
    refuse: ({ creations }, errorCode) => ({ results: creations.map(() => ({ errorCode, errorMessage: null })) }),
  }),
  entry({
    api: DeleteAcls,
    forwarded: true,
    decide: (state, body: DeleteAclsRequest) => decideDeleteAcls(state, body),
    refuse: ({ filters }, errorCode) => ({ filterResults: filters.map(() => ({ errorCode, errorMessage: null })) }),
  }),
  entry({
    api: AlterClientQuotas,
    forwarded: true,
    decide: (state, body: AlterClientQuotasRequest) => decideClientQuotas(state, body),
    refuse: ({ entries }, errorCode) => ({
      entries: entries.map(({ entity }) => ({ errorCode, errorMessage: null, entity })),
    }),
  }),
  entry({
    api: AlterUserScramCredentials,
    forwarded: true,
    decide: (state, body: AlterUserScramCredentialsRequest, { hashing }) =>
      decideScramCredentials(state, body, hashing),
    refuse: ({ deletions, upsertions }, errorCode) => ({
      results: [...new Set([...deletions, ...upsertions].map(({ name }) => name))].map((user) => ({
        user,
        errorCode,
        errorMessage: null,
      })),
    }),
  }),
  entry({
    api: UpdateFeatures,
    forwarded: true,
    decide: (state, body: UpdateFeaturesRequest) => decideUpdateFeatures(state, body),
    refuse: (_body, errorCode) => ({ errorCode, errorMessage: null }),
  }),
  entry({
    api: AddRaftVoter,
    forwarded: true,
    decide: () => staticQuorum(AddRaftVoter),
    refuse: (_body, errorCode) => ({ errorCode, errorMessage: null }),
  }),
  entry({
    api: RemoveRaftVoter,
    forwarded: true,
    decide: () => staticQuorum(RemoveRaftVoter),
    refuse: (_body, errorCode) => ({ errorCode, errorMessage: null }),
  }),
  entry({
    api: AlterPartition,
    decide: (state, body: AlterPartitionRequest) => decideAlterPartition(state, body),
    refuse: (_body, errorCode) => ({ errorCode }),
  }),
  entry({
    api: BrokerRegistration,
    decide: (state, body: BrokerRegistrationRequest, { nowMs }) => {
      const decision = decideRegistration(state, body, nowMs);
      const { response } = decision;
      return {
        ...decision,
        response: BrokerRegistration.response.make(response),
        note: () => {
          if (response.brokerEpoch >= 0) state.heartbeats.track(body.brokerId, response.brokerEpoch);
        },
      };
    },
    refuse: (_body, errorCode) => ({ errorCode }),
  }),
  entry({
    api: BrokerHeartbeat,
    decide: (state, body: BrokerHeartbeatRequest) => {
      const decision = decideHeartbeat(state, body);
      const { errorCode, isCaughtUp, isFenced, shouldShutDown } = decision.response;
      return {
        ...decision,
        response: BrokerHeartbeat.response.make({ errorCode, isCaughtUp, isFenced, shouldShutDown }),
        note: (lastOffset) => noteHeartbeat(state, body, decision.response, lastOffset),
      };
    },
    refuse: (_body, errorCode) => ({ errorCode }),
  }),
  entry({
    api: AllocateProducerIds,
    decide: (state, body: AllocateProducerIdsRequest) => decideProducerIds(state, body),
    refuse: (_body, errorCode) => ({ errorCode }),
  }),
];

const byKey = new Map(CONTROLLER_APIS.map((one) => [one.api.key, one]));

export function controllerApi(apiKey: number): ControllerApi | undefined {
  return byKey.get(apiKey);
}
