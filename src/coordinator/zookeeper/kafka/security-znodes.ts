/** Znodes of ACLs, quotas and SCRAM credentials, as Kafka 3.9 writes them (ZkData, AclEntry, ScramCredentialUtils). */
import {
  type AclBinding,
  aclKey,
  OPERATION_NAMES,
  PATTERN_TYPE_NAMES,
  PatternType,
  PERMISSION_NAMES,
  RESOURCE_TYPE_NAMES,
} from '../../../protocol/acl.ts';
import {
  decodeBase64,
  encodeBase64,
  SCRAM_MECHANISMS,
  type ScramCredential,
  scramMechanism,
} from '../../../protocol/scram.ts';
import type { QuotaEntity } from '../../index.ts';
import { fromBytes, parseObject, toBytes } from './znodes.ts';

export const ACL_CHANGES_PATH = '/kafka-acl-changes';
export const EXTENDED_ACL_CHANGES_PATH = '/kafka-acl-extended-changes';
const ACL_PATH = '/kafka-acl';
const PREFIXED_ACL_PATH = '/kafka-acl-extended/prefixed';

/** Types of resources that have a folder. */
const STORED_TYPES = RESOURCE_TYPE_NAMES.flatMap((name, type) => (type >= 2 && type <= 6 ? [{ name, type }] : []));

/** What an authorizer makes sure of at its start, parents first. */
export const ACL_PATHS: readonly string[] = [
  ACL_PATH,
  ...STORED_TYPES.map(({ name }) => `${ACL_PATH}/${name}`),
  ACL_CHANGES_PATH,
  '/kafka-acl-extended',
  PREFIXED_ACL_PATH,
  ...STORED_TYPES.map(({ name }) => `${PREFIXED_ACL_PATH}/${name}`),
  EXTENDED_ACL_CHANGES_PATH,
];

/** Folders with a znode for each resource that has ACLs. */
export const ACL_FOLDERS: readonly string[] = [ACL_PATH, PREFIXED_ACL_PATH].flatMap((root) =>
  STORED_TYPES.map(({ name }) => `${root}/${name}`),
);

/** A name or a prefix that has ACLs. */
export type AclResource = Pick<AclBinding, 'resourceType' | 'resourceName' | 'patternType'>;

export function isSameResource(a: AclResource, b: AclResource): boolean {
  return a.resourceType === b.resourceType && a.resourceName === b.resourceName && a.patternType === b.patternType;
}

export function aclPath({ resourceType, resourceName, patternType }: AclResource): string {
  const root = patternType === PatternType.prefixed ? PREFIXED_ACL_PATH : ACL_PATH;
  return `${root}/${RESOURCE_TYPE_NAMES[resourceType]}/${resourceName}`;
}

export function parseAclPath(path: string): AclResource | undefined {
  const match = /^\/(kafka-acl|kafka-acl-extended\/prefixed)\/([^/]+)\/(.+)$/.exec(path);
  if (match === null) return undefined;
  const resourceType = RESOURCE_TYPE_NAMES.indexOf(match[2]!);
  const patternType = match[1] === 'kafka-acl' ? PatternType.literal : PatternType.prefixed;
  return resourceType < 0 ? undefined : { resourceType, resourceName: match[3]!, patternType };
}

export function encodeAcls(acls: Iterable<AclBinding>): Uint8Array {
  const entries = [...acls].map(({ principal, permissionType, operation, host }) => ({
    principal,
    permissionType: PERMISSION_NAMES[permissionType],
    operation: OPERATION_NAMES[operation],
    host,
  }));
  return toBytes(JSON.stringify({ version: 1, acls: entries }));
}

/** By key. What nobody can read is left out. */
export function decodeAcls(resource: AclResource, data: Uint8Array | null): Map<string, AclBinding> {
  const list = parseObject(data)?.['acls'];
  const acls = new Map<string, AclBinding>();
  for (const entry of Array.isArray(list) ? (list as readonly Readonly<Record<string, unknown>>[]) : []) {
    const operation = OPERATION_NAMES.indexOf(String(entry['operation']));
    const permissionType = PERMISSION_NAMES.indexOf(String(entry['permissionType']));
    if (operation < 0 || permissionType < 0) continue;
    const { resourceType, resourceName, patternType } = resource;
    const [principal, host] = [String(entry['principal']), String(entry['host'])];
    const acl = { resourceType, resourceName, patternType, principal, host, operation, permissionType };
    acls.set(aclKey(acl), acl);
  }
  return acls;
}

/** Where a change of a resource's ACLs is told, and how: literal ones as `Topic:orders`, others as JSON. */
export function aclChange(resource: AclResource): { readonly path: string; readonly data: Uint8Array } {
  const { resourceType, resourceName: name, patternType } = resource;
  const type = RESOURCE_TYPE_NAMES[resourceType]!;
  if (patternType === PatternType.literal) return { path: ACL_CHANGES_PATH, data: toBytes(`${type}:${name}`) };
  const event = { version: 1, resourceType: type.toUpperCase(), name, patternType: PATTERN_TYPE_NAMES[patternType] };
  return { path: EXTENDED_ACL_CHANGES_PATH, data: toBytes(JSON.stringify(event)) };
}

export function decodeAclChange(data: Uint8Array | null): AclResource | undefined {
  const event = parseObject(data);
  const typeOf = (name: string) => RESOURCE_TYPE_NAMES.findIndex((one) => one.toUpperCase() === name.toUpperCase());
  if (event !== undefined) {
    const resourceType = typeOf(String(event['resourceType']));
    const patternType = PATTERN_TYPE_NAMES.indexOf(String(event['patternType']));
    return resourceType < 0 ? undefined : { resourceType, resourceName: String(event['name']), patternType };
  }
  const [, type, resourceName] = /^([^:]+):(.+)$/s.exec(fromBytes(data)) ?? [];
  const resourceType = typeOf(type ?? '');
  if (resourceName === undefined || resourceType < 0) return undefined;
  return { resourceType, resourceName, patternType: PatternType.literal };
}

// ---- Users, client ids, addresses

/** Kafka's `Sanitizer`: names that may stand in a path. */
export function sanitize(name: string): string {
  return encodeURIComponent(name).replace(/[!~*'()]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

const DEFAULT = '<default>';

/** What nobody's tools wrote stays as it is. */
function nameOf(text: string): string | null {
  if (text === DEFAULT) return null;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const textOf = (name: string | null | undefined): string => (name == null ? DEFAULT : sanitize(name));

/** As a change notification names it: `users/alice`, `users/<default>/clients/web`, `clients/web`, `ips/10.0.0.1`. */
export function clientEntityPath(entity: QuotaEntity): string {
  if (entity.has('ip')) return `ips/${textOf(entity.get('ip'))}`;
  const client = entity.has('client-id') ? `clients/${textOf(entity.get('client-id'))}` : '';
  if (!entity.has('user')) return client;
  const user = `users/${textOf(entity.get('user'))}`;
  return client === '' ? user : `${user}/${client}`;
}

export function parseClientEntity(path: string): QuotaEntity | undefined {
  const match = /^(?:ips\/([^/]+)|(?:users\/([^/]+))?(?:\/?clients\/([^/]+))?)$/.exec(path);
  if (match === null || path === '') return undefined;
  const entity = new Map<string, string | null>();
  for (const [i, type] of ['ip', 'user', 'client-id'].entries()) {
    const text = match[i + 1];
    if (text !== undefined) entity.set(type, nameOf(text));
  }
  return entity;
}

/** The quotas among the settings of a user, a client id or an address. */
export function quotasIn(settings: ReadonlyMap<string, string>): Map<string, number> {
  const quotas = new Map<string, number>();
  for (const [name, value] of settings) if (scramMechanism(name) === undefined) quotas.set(name, Number(value));
  return quotas;
}

/** The credentials among the settings of a user, by number of the mechanism. */
export function credentialsIn(settings: ReadonlyMap<string, string>): Map<number, ScramCredential> {
  const credentials = new Map<number, ScramCredential>();
  for (const { type, name } of SCRAM_MECHANISMS) {
    const credential = decodeCredential(settings.get(name) ?? '');
    if (credential !== undefined) credentials.set(type, credential);
  }
  return credentials;
}

export function encodeCredential({ salt, storedKey, serverKey, iterations }: ScramCredential): string {
  const [first, second, third] = [salt, storedKey, serverKey].map(encodeBase64);
  return `salt=${first},stored_key=${second},server_key=${third},iterations=${iterations}`;
}

function decodeCredential(text: string): ScramCredential | undefined {
  const match = /^salt=([^,]+),stored_key=([^,]+),server_key=([^,]+),iterations=(\d+)$/.exec(text);
  if (match === null) return undefined;
  const [salt, storedKey, serverKey] = [match[1]!, match[2]!, match[3]!].map(decodeBase64);
  if (!salt || !storedKey || !serverKey) return undefined;
  return { salt, storedKey, serverKey, iterations: Number(match[4]) };
}
