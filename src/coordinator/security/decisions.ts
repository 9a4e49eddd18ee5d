/**
 * What becomes of requests that alter ACLs, quotas and credentials: the same checks and answers for both kinds of authority (Kafka's
 * `AclControlManager`, `ClientQuotaControlManager` and `ScramControlManager`; `AclAuthorizer` and `ZkAdminManager`). Each only reads.
 */
import {
  type AclBinding,
  aclKey,
  CLUSTER_NAME,
  matchesFilter,
  Operation,
  PatternType,
  Permission,
  ResourceType,
  unknownInFilter,
} from '../../protocol/acl.ts';
import { CreateAcls, type CreateAclsRequest, type CreateAclsResponse } from '../../protocol/apis/30-create-acls.ts';
import { DeleteAcls, type DeleteAclsRequest, type DeleteAclsResponse } from '../../protocol/apis/31-delete-acls.ts';
import {
  AlterClientQuotas,
  type AlterClientQuotasRequest,
  type AlterClientQuotasResponse,
} from '../../protocol/apis/49-alter-client-quotas.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { QuotaEntity } from '../index.ts';
import { parseEntity, quotaError, quotaKey } from './client-quotas.ts';
import type { SecurityState } from './security-state.ts';

export const NO_AUTHORIZER = {
  errorCode: ErrorCode.SECURITY_DISABLED,
  errorMessage: 'no authorizer is configured (authorizer.class.name), so there are no ACLs',
};

// ---- ACLs

/** Why a rule cannot be, or null. */
function aclError({ resourceType, resourceName, patternType, principal, host, operation, permissionType }: AclBinding) {
  if (resourceType <= ResourceType.any || resourceType > ResourceType.user) return `resource type ${resourceType}`;
  if (resourceName === '') return 'the name of the resource is empty';
  if (resourceType === ResourceType.cluster && resourceName !== CLUSTER_NAME)
    return `the only resource of type CLUSTER is ${CLUSTER_NAME}`;
  if (patternType !== PatternType.literal && patternType !== PatternType.prefixed) return `pattern type ${patternType}`;
  if (operation <= Operation.any || operation > Operation.twoPhaseCommit) return `operation ${operation}`;
  if (permissionType !== Permission.allow && permissionType !== Permission.deny) return `permission ${permissionType}`;
  if (!/^[^:]+:.+$/.test(principal)) return `the principal "${principal}" is not of the form User:name`;
  return host === '' ? 'the host is empty' : null;
}

export function decideAclCreations(
  state: SecurityState,
  { creations }: CreateAclsRequest,
): { readonly created: readonly AclBinding[]; readonly response: CreateAclsResponse } {
  const known = new Set([...state.acls.byId.values()].map(aclKey));
  const created: AclBinding[] = [];
  const results = creations.map(({ resourcePatternType: patternType, ...rest }) => {
    const acl = { ...rest, patternType };
    const wrong = aclError(acl);
    if (wrong !== null) return { errorCode: ErrorCode.INVALID_REQUEST, errorMessage: `no such ACL: ${wrong}` };
    const key = aclKey(acl);
    if (!known.has(key)) created.push(acl);
    known.add(key);
    return { errorCode: ErrorCode.NONE, errorMessage: null };
  });
  return { created, response: CreateAcls.response.make({ results }) };
}

export function decideAclDeletions(
  state: SecurityState,
  { filters }: DeleteAclsRequest,
): { readonly deleted: ReadonlyMap<string, AclBinding>; readonly response: DeleteAclsResponse } {
  const deleted = new Map<string, AclBinding>();
  const filterResults = filters.map((filter) => {
    const unknown = unknownInFilter(filter);
    if (unknown !== null) {
      return { errorCode: ErrorCode.INVALID_REQUEST, errorMessage: `no such filter: ${unknown}`, matchingAcls: [] };
    }
    const matching = [...state.acls.byId].filter(([, acl]) => matchesFilter(filter, acl));
    for (const [id, acl] of matching) deleted.set(id, acl);
    const matchingAcls = matching.map(([, acl]) => ({ errorCode: ErrorCode.NONE, errorMessage: null, ...acl }));
    return { errorCode: ErrorCode.NONE, errorMessage: null, matchingAcls };
  });
  return { deleted, response: DeleteAcls.response.make({ filterResults }) };
}

// ---- Quotas

export interface QuotaChange {
  readonly entity: QuotaEntity;
  readonly name: string;
  /** Null takes it away. */
  readonly value: number | null;
}

export function decideQuotaChanges(
  state: SecurityState,
  { entries, validateOnly }: AlterClientQuotasRequest,
): { readonly changes: readonly QuotaChange[]; readonly response: AlterClientQuotasResponse } {
  const changes: QuotaChange[] = [];
  const seen = new Set<string>();
  const answers = entries.map(({ entity: parts, ops }) => {
    const refuse = (errorMessage: string) => ({ errorCode: ErrorCode.INVALID_REQUEST, errorMessage, entity: parts });
    const entity = parseEntity(parts);
    if (typeof entity === 'string') return refuse(entity);
    if (seen.has(quotaKey(entity))) return refuse('the entity is named twice');
    seen.add(quotaKey(entity));
    for (const op of ops) {
      const wrong = quotaError(entity, op);
      if (wrong !== null) return refuse(wrong);
    }
    const present = state.quotasOf(entity);
    for (const { key: name, value, remove } of ops) {
      if (remove ? present.has(name) : present.get(name) !== value)
        changes.push({ entity, name, value: remove ? null : value });
    }
    return { errorCode: ErrorCode.NONE, errorMessage: null, entity: parts };
  });
  return { changes: validateOnly ? [] : changes, response: AlterClientQuotas.response.make({ entries: answers }) };
}
