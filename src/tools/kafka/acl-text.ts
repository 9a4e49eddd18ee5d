/** ACLs as Java prints them (ResourcePattern, AccessControlEntry), and as objects. */
import { OPERATION_NAMES, PATTERN_TYPE_NAMES, PERMISSION_NAMES, RESOURCE_TYPE_NAMES } from '../../protocol/acl.ts';

export interface Resource {
  readonly type: number;
  readonly name: string;
  readonly pattern: number;
}

export interface Entry {
  readonly principal: string;
  readonly host: string;
  readonly operation: number;
  readonly permissionType: number;
}

/** `DescribeConfigs` → `DESCRIBE_CONFIGS`. */
function upperName(names: readonly string[], number: number): string {
  return (names[number] ?? 'UNKNOWN').replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
}

export function resourceText({ type, name, pattern }: Resource): string {
  return `\`ResourcePattern(resourceType=${upperName(RESOURCE_TYPE_NAMES, type)}, name=${name}, patternType=${PATTERN_TYPE_NAMES[pattern]})\``;
}

export function entryText({ principal, host, operation, permissionType }: Entry): string {
  const [what, may] = [upperName(OPERATION_NAMES, operation), upperName(PERMISSION_NAMES, permissionType)];
  return `\t(principal=${principal}, host=${host}, operation=${what}, permissionType=${may})`;
}

export function aclData({ type, name, pattern }: Resource, { principal, host, operation, permissionType }: Entry) {
  return {
    resourceType: upperName(RESOURCE_TYPE_NAMES, type),
    name,
    patternType: PATTERN_TYPE_NAMES[pattern],
    principal,
    host,
    operation: upperName(OPERATION_NAMES, operation),
    permissionType: upperName(PERMISSION_NAMES, permissionType),
  };
}
