/** Which requests a broker takes for its coordination, who serves each, and how each says that somebody else is the controller. */
import { ControlledShutdown, type ControlledShutdownRequest } from '../../../protocol/apis/07-controlled-shutdown.ts';
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
import { AlterPartition, type AlterPartitionRequest } from '../../../protocol/apis/56-alter-partition.ts';
import {
  UpdateFeatures,
  type UpdateFeaturesRequest,
  type UpdateFeaturesResponse,
} from '../../../protocol/apis/57-update-features.ts';
import {
  AllocateProducerIds,
  type AllocateProducerIdsRequest,
} from '../../../protocol/apis/67-allocate-producer-ids.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import type { Api } from '../../../protocol/schema.ts';
import type { Admin } from './admin/admin.ts';
import { alterConfigs, incrementalAlterConfigs } from './admin/alter-configs.ts';
import { createPartitions } from './admin/create-partitions.ts';
import { createTopics } from './admin/create-topics.ts';
import { deleteTopics } from './admin/delete-topics.ts';
import { alterClientQuotas, alterScramCredentials, createAcls, deleteAcls } from './admin/security.ts';
import { alterPartitions, senderError } from './controller/alter-partition.ts';
import { handOver } from './controller/controlled-shutdown.ts';
import { electLeaders } from './controller/leader-elections.ts';
import type { ControllerParts } from './controller/parts.ts';
import { allocateProducerIds } from './controller/producer-ids.ts';
import { alterReassignments, listReassignments } from './controller/reassign-requests.ts';
import { atOnce, type Task } from './task.ts';

interface Served {
  readonly api: Api;
  /** An answer that says this error everywhere. */
  readonly refuse: (body: unknown, errorCode: number) => unknown;
}

/** Answered by the active controller, in its turn among the controller's events. */
export interface ControllerRequest extends Served {
  readonly kind: 'controller';
  /** Answers once; may go on after that. */
  readonly work: (parts: ControllerParts, body: unknown, respond: (response: unknown) => void) => Task<void>;
}

/** Answered by a broker that writes to ZooKeeper; `where` says which broker will do. */
export interface AdminRequest extends Served {
  readonly kind: 'admin';
  readonly where: 'active-controller' | 'any-broker';
  readonly work: (admin: Admin, body: unknown) => Task<unknown>;
}

interface Description<Req, Res, ReqInit, ResInit> {
  readonly api: Api<Req, Res, ReqInit, ResInit>;
  readonly refuse: (body: Req, errorCode: number) => ResInit;
}

// The two places where a body, which the codec has checked, gets its type.

function controller<Req, Res, ReqInit, ResInit>(
  { api, refuse }: Description<Req, Res, ReqInit, ResInit>,
  work: (parts: ControllerParts, body: Req, respond: (response: Res) => void) => Task<void>,
): ControllerRequest {
  return {
    kind: 'controller',
    api: api as unknown as Api,
    refuse: (body, errorCode) => api.response.make(refuse(body as Req, errorCode)),
    work: (parts, body, respond) => work(parts, body as Req, respond),
  };
}

function admin<Req, Res, ReqInit, ResInit>(
  where: AdminRequest['where'],
  { api, refuse }: Description<Req, Res, ReqInit, ResInit>,
  work: (admin: Admin, body: Req) => Task<Res>,
): AdminRequest {
  return {
    kind: 'admin',
    where,
    api: api as unknown as Api,
    refuse: (body, errorCode) => api.response.make(refuse(body as Req, errorCode)),
    work: (parts, body) => work(parts, body as Req),
  };
}

/** Work that answers at its end. */
function answering<Req, Res>(
  work: (parts: ControllerParts, body: Req) => Task<Res>,
): (parts: ControllerParts, body: Req, respond: (response: Res) => void) => Task<void> {
  return function* (parts, body, respond) {
    respond(yield* work(parts, body));
  };
}

function refuseResources(
  { resources }: { readonly resources: readonly { readonly resourceType: number; readonly resourceName: string }[] },
  errorCode: number,
) {
  const responses = resources.map(({ resourceType, resourceName }) => {
    return { resourceType, resourceName, errorCode, errorMessage: null };
  });
  return { responses };
}

const withCode = (_body: unknown, errorCode: number) => ({ errorCode });
const withMessage = (_body: unknown, errorCode: number) => ({ errorCode, errorMessage: null });

/** Brokers of this mode support no feature, so none can be updated. */
function noFeatures({ featureUpdates }: UpdateFeaturesRequest): UpdateFeaturesResponse {
  const errorMessage = 'This feature is not supported by the brokers of a ZooKeeper cluster.';
  const results = featureUpdates.map(({ feature }) => ({
    feature,
    errorCode: ErrorCode.INVALID_REQUEST,
    errorMessage,
  }));
  return UpdateFeatures.response.make({ errorMessage: null, results });
}

export const SERVED: readonly (ControllerRequest | AdminRequest)[] = [
  controller(
    { api: ControlledShutdown, refuse: (_body: ControlledShutdownRequest, errorCode) => ({ errorCode }) },
    answering(handOver),
  ),
  admin(
    'active-controller',
    {
      api: CreateTopics,
      refuse: ({ topics }: CreateTopicsRequest, errorCode) => ({
        topics: topics.map(({ name }) => ({ name, errorCode, errorMessage: null, configs: null })),
      }),
    },
    createTopics,
  ),
  admin(
    'active-controller',
    {
      api: DeleteTopics,
      refuse: ({ topics, topicNames }: DeleteTopicsRequest, errorCode) => ({
        responses: [...topics, ...topicNames.map((name) => ({ name }))].map((topic) => ({ ...topic, errorCode })),
      }),
    },
    deleteTopics,
  ),
  admin(
    'active-controller',
    {
      api: CreatePartitions,
      refuse: ({ topics }: CreatePartitionsRequest, errorCode) => ({
        results: topics.map(({ name }) => ({ name, errorCode })),
      }),
    },
    createPartitions,
  ),
  admin(
    'any-broker',
    { api: AlterConfigs, refuse: (body: AlterConfigsRequest, e) => refuseResources(body, e) },
    alterConfigs,
  ),
  admin(
    'any-broker',
    { api: IncrementalAlterConfigs, refuse: (body: IncrementalAlterConfigsRequest, e) => refuseResources(body, e) },
    incrementalAlterConfigs,
  ),
  admin(
    'any-broker',
    {
      api: CreateAcls,
      refuse: ({ creations }: CreateAclsRequest, errorCode) => ({
        results: creations.map(() => ({ errorCode, errorMessage: null })),
      }),
    },
    createAcls,
  ),
  admin(
    'any-broker',
    {
      api: DeleteAcls,
      refuse: ({ filters }: DeleteAclsRequest, errorCode) => ({
        filterResults: filters.map(() => ({ errorCode, errorMessage: null })),
      }),
    },
    deleteAcls,
  ),
  admin(
    'any-broker',
    {
      api: AlterClientQuotas,
      refuse: ({ entries }: AlterClientQuotasRequest, errorCode) => ({
        entries: entries.map(({ entity }) => ({ errorCode, errorMessage: null, entity })),
      }),
    },
    alterClientQuotas,
  ),
  admin(
    'active-controller',
    {
      api: AlterUserScramCredentials,
      refuse: ({ deletions, upsertions }: AlterUserScramCredentialsRequest, errorCode) => ({
        results: [...new Set([...deletions, ...upsertions].map(({ name }) => name))].map((user) => ({
          user,
          errorCode,
          errorMessage: null,
        })),
      }),
    },
    alterScramCredentials,
  ),
  controller(
    { api: ElectLeaders, refuse: (_body: ElectLeadersRequest, errorCode) => ({ errorCode }) },
    answering(electLeaders),
  ),
  controller(
    {
      api: AlterPartitionReassignments,
      refuse: (_body: AlterPartitionReassignmentsRequest, e) => withMessage(_body, e),
    },
    answering(alterReassignments),
  ),
  controller(
    { api: ListPartitionReassignments, refuse: (_body: ListPartitionReassignmentsRequest, e) => withMessage(_body, e) },
    answering(({ state }, body) => atOnce(() => listReassignments(state, body))),
  ),
  controller(
    { api: UpdateFeatures, refuse: (_body: UpdateFeaturesRequest, e) => withMessage(_body, e) },
    answering((_parts, body) => atOnce(() => noFeatures(body))),
  ),
  controller(
    { api: AlterPartition, refuse: (_body: AlterPartitionRequest, e) => withCode(_body, e) },
    function* (parts, body, respond) {
      const errorCode = senderError(parts.state, body);
      if (errorCode !== ErrorCode.NONE) {
        respond(AlterPartition.response.make({ errorCode }));
        return;
      }
      const { response, finish } = yield* alterPartitions(parts, body);
      respond(response);
      yield* finish();
    },
  ),
  controller(
    { api: AllocateProducerIds, refuse: (_body: AllocateProducerIdsRequest, e) => withCode(_body, e) },
    answering(allocateProducerIds),
  ),
];

const byKey = new Map(SERVED.map((served) => [served.api.key, served]));

export function servedRequest(apiKey: number): ControllerRequest | AdminRequest | undefined {
  return byKey.get(apiKey);
}
