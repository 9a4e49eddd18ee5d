/** CreateAcls (30), DeleteAcls (31), AlterClientQuotas (49) and AlterUserScramCredentials (51): decisions that both modes share, as records. */
import { CreateAcls, type CreateAclsRequest, type CreateAclsResponse } from '../../../protocol/apis/30-create-acls.ts';
import { DeleteAcls, type DeleteAclsRequest, type DeleteAclsResponse } from '../../../protocol/apis/31-delete-acls.ts';
import type {
  AlterClientQuotasRequest,
  AlterClientQuotasResponse,
} from '../../../protocol/apis/49-alter-client-quotas.ts';
import type {
  AlterUserScramCredentialsRequest,
  AlterUserScramCredentialsResponse,
} from '../../../protocol/apis/51-alter-user-scram-credentials.ts';
import type { Hashing } from '../../../protocol/ports.ts';
import { decideAclCreations, decideAclDeletions, decideQuotaChanges, NO_AUTHORIZER } from '../../security/decisions.ts';
import { decideCredentials } from '../../security/scram-decisions.ts';
import type { MetadataRecord } from '../metadata/records.ts';
import type { ControllerState, Decision } from './state.ts';

export function decideCreateAcls(
  { config, metadata }: ControllerState,
  request: CreateAclsRequest,
  newId: () => string,
): Decision<CreateAclsResponse> {
  if (!config.hasAuthorizer) {
    const results = request.creations.map(() => NO_AUTHORIZER);
    return { records: [], reason: '', response: CreateAcls.response.make({ results }) };
  }
  const { created, response } = decideAclCreations(metadata.security, request);
  const records = created.map((acl): MetadataRecord => ({ kind: 'acl', id: newId(), ...acl }));
  return { records, reason: 'acls-created', response };
}

export function decideDeleteAcls(
  { config, metadata }: ControllerState,
  request: DeleteAclsRequest,
): Decision<DeleteAclsResponse> {
  if (!config.hasAuthorizer) {
    const filterResults = request.filters.map(() => NO_AUTHORIZER);
    return { records: [], reason: '', response: DeleteAcls.response.make({ filterResults }) };
  }
  const { deleted, response } = decideAclDeletions(metadata.security, request);
  const records = [...deleted.keys()].map((id): MetadataRecord => ({ kind: 'remove-acl', id }));
  return { records, reason: 'acls-deleted', response };
}

export function decideClientQuotas(
  { metadata }: ControllerState,
  request: AlterClientQuotasRequest,
): Decision<AlterClientQuotasResponse> {
  const { changes, response } = decideQuotaChanges(metadata.security, request);
  const records = changes.map(({ entity, name, value }): MetadataRecord => {
    const parts = [...entity].map(([entityType, entityName]) => ({ entityType, entityName }));
    return { kind: 'client-quota', entity: parts, key: name, value: value ?? 0, remove: value === null };
  });
  return { records, reason: 'quotas-altered', response };
}

export function decideScramCredentials(
  { metadata }: ControllerState,
  request: AlterUserScramCredentialsRequest,
  hashing: Hashing | undefined,
): Decision<AlterUserScramCredentialsResponse> {
  const { changes, response } = decideCredentials(metadata.security, request, hashing);
  const records = changes.map(({ user: name, mechanism, credential }): MetadataRecord => {
    if (credential === null) return { kind: 'remove-user-scram-credential', name, mechanism };
    return { kind: 'user-scram-credential', name, mechanism, ...credential };
  });
  return { records, reason: 'credentials-altered', response };
}
