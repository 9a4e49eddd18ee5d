/** Kafka's ACLs: the numbers that stand for resources, operations and permissions, and which ACL matches which filter (KIP-11, KIP-290). */

export const ResourceType = {
  unknown: 0,
  any: 1,
  topic: 2,
  group: 3,
  cluster: 4,
  transactionalId: 5,
  delegationToken: 6,
  user: 7,
} as const;

export const PatternType = { unknown: 0, any: 1, match: 2, literal: 3, prefixed: 4 } as const;

export const Operation = {
  unknown: 0,
  any: 1,
  all: 2,
  read: 3,
  write: 4,
  create: 5,
  delete: 6,
  alter: 7,
  describe: 8,
  clusterAction: 9,
  describeConfigs: 10,
  alterConfigs: 11,
  idempotentWrite: 12,
  createTokens: 13,
  describeTokens: 14,
  twoPhaseCommit: 15,
} as const;

export const Permission = { unknown: 0, any: 1, deny: 2, allow: 3 } as const;

/** As Kafka's tools and znodes write the numbers; the place in a list is the number. */
export const RESOURCE_TYPE_NAMES: readonly string[] = [
  'Unknown',
  'Any',
  'Topic',
  'Group',
  'Cluster',
  'TransactionalId',
  'DelegationToken',
  'User',
];
export const OPERATION_NAMES: readonly string[] = [
  'Unknown',
  'Any',
  'All',
  'Read',
  'Write',
  'Create',
  'Delete',
  'Alter',
  'Describe',
  'ClusterAction',
  'DescribeConfigs',
  'AlterConfigs',
  'IdempotentWrite',
  'CreateTokens',
  'DescribeTokens',
  'TwoPhaseCommit',
];
export const PATTERN_TYPE_NAMES: readonly string[] = ['UNKNOWN', 'ANY', 'MATCH', 'LITERAL', 'PREFIXED'];
export const PERMISSION_NAMES: readonly string[] = ['Unknown', 'Any', 'Deny', 'Allow'];

/** The only resource of its type. */
export const CLUSTER_NAME = 'kafka-cluster';
export const WILDCARD = '*';
export const ANYBODY = 'User:*';

/** One rule: who (`User:alice`), from where, may or may not do what, to which resources. */
export interface AclBinding {
  readonly resourceType: number;
  readonly resourceName: string;
  /** Literal or prefixed. */
  readonly patternType: number;
  readonly principal: string;
  /** An address, or `*`. */
  readonly host: string;
  readonly operation: number;
  readonly permissionType: number;
}

/** Null and the numbers for "any" match everything. */
export interface AclFilter {
  readonly resourceTypeFilter: number;
  readonly resourceNameFilter: string | null;
  readonly patternTypeFilter: number;
  readonly principalFilter: string | null;
  readonly hostFilter: string | null;
  readonly operation: number;
  readonly permissionType: number;
}

/** The same text for the same rule: what a rule is called where it has no id. */
export function aclKey(acl: AclBinding): string {
  const { resourceType, resourceName, patternType, principal, host, operation, permissionType } = acl;
  return JSON.stringify([resourceType, patternType, resourceName, principal, host, operation, permissionType]);
}

/** What a filter says that no ACL could have, or null (Kafka's `AclBindingFilter.isUnknown`). */
export function unknownInFilter(filter: AclFilter): string | null {
  if (RESOURCE_TYPE_NAMES[filter.resourceTypeFilter] === undefined || filter.resourceTypeFilter === 0)
    return `resource type ${filter.resourceTypeFilter}`;
  if (PATTERN_TYPE_NAMES[filter.patternTypeFilter] === undefined || filter.patternTypeFilter === 0)
    return `pattern type ${filter.patternTypeFilter}`;
  if (OPERATION_NAMES[filter.operation] === undefined || filter.operation === 0) return `operation ${filter.operation}`;
  if (PERMISSION_NAMES[filter.permissionType] === undefined || filter.permissionType === 0)
    return `permission ${filter.permissionType}`;
  return null;
}

/** Kafka's `AclBindingFilter.matches`. */
export function matchesFilter(filter: AclFilter, acl: AclBinding): boolean {
  if (filter.resourceTypeFilter !== ResourceType.any && filter.resourceTypeFilter !== acl.resourceType) return false;
  if (filter.principalFilter !== null && filter.principalFilter !== acl.principal) return false;
  if (filter.hostFilter !== null && filter.hostFilter !== acl.host) return false;
  if (filter.operation !== Operation.any && filter.operation !== acl.operation) return false;
  if (filter.permissionType !== Permission.any && filter.permissionType !== acl.permissionType) return false;
  return matchesPattern(filter, acl);
}

/** `MATCH` asks for every rule that touches the named resource; the others for rules that are written as they say. */
function matchesPattern({ patternTypeFilter, resourceNameFilter }: AclFilter, acl: AclBinding): boolean {
  const { patternType, resourceName } = acl;
  const anyPattern = patternTypeFilter === PatternType.any || patternTypeFilter === PatternType.match;
  if (!anyPattern && patternTypeFilter !== patternType) return false;
  if (resourceNameFilter === null || resourceNameFilter === resourceName) return true;
  if (patternTypeFilter !== PatternType.match) return false;
  if (patternType === PatternType.literal) return resourceName === WILDCARD;
  return patternType === PatternType.prefixed && resourceNameFilter.startsWith(resourceName);
}
