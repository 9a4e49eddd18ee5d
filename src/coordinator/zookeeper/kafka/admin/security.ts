/**
 * CreateAcls (30), DeleteAcls (31), AlterClientQuotas (49) and AlterUserScramCredentials (51): whoever is asked writes the znodes, then
 * a notification for all brokers (AclAuthorizer, ZkAdminManager). Credentials are the controller's to write.
 */
import { type AclBinding, aclKey } from '../../../../protocol/acl.ts';
import {
  CreateAcls,
  type CreateAclsRequest,
  type CreateAclsResponse,
} from '../../../../protocol/apis/30-create-acls.ts';
import {
  DeleteAcls,
  type DeleteAclsRequest,
  type DeleteAclsResponse,
} from '../../../../protocol/apis/31-delete-acls.ts';
import type {
  AlterClientQuotasRequest,
  AlterClientQuotasResponse,
} from '../../../../protocol/apis/49-alter-client-quotas.ts';
import type {
  AlterUserScramCredentialsRequest,
  AlterUserScramCredentialsResponse,
} from '../../../../protocol/apis/51-alter-user-scram-credentials.ts';
import { scramMechanism } from '../../../../protocol/scram.ts';
import type { QuotaEntity } from '../../../index.ts';
import {
  decideAclCreations,
  decideAclDeletions,
  decideQuotaChanges,
  NO_AUTHORIZER,
} from '../../../security/decisions.ts';
import { decideCredentials } from '../../../security/scram-decisions.ts';
import { ZkCode } from '../../ensemble/codes.ts';
import { CreateFlag } from '../../ensemble/messages.ts';
import {
  type AclResource,
  aclChange,
  aclPath,
  clientEntityPath,
  decodeAcls,
  encodeAcls,
  encodeCredential,
  isSameResource,
} from '../security-znodes.ts';
import type { Task } from '../task.ts';
import type { ZkAccess } from '../zk-access.ts';
import { CONFIG_CHANGES_PATH, decodeConfig, encodeConfig, encodeConfigChange } from '../znodes.ts';
import type { Admin } from './admin.ts';

export function* createAcls(admin: Admin, request: CreateAclsRequest): Task<CreateAclsResponse> {
  if (admin.acls === null) return CreateAcls.response.make({ results: request.creations.map(() => NO_AUTHORIZER) });
  const { created, response } = decideAclCreations(admin.security(), request);
  for (const [resource, acls] of byResource(created)) {
    yield* rewriteAcls(admin, resource, (present) => {
      const after = new Map(present);
      for (const acl of acls) after.set(aclKey(acl), acl);
      return after;
    });
  }
  return response;
}

export function* deleteAcls(admin: Admin, request: DeleteAclsRequest): Task<DeleteAclsResponse> {
  if (admin.acls === null) {
    return DeleteAcls.response.make({ filterResults: request.filters.map(() => NO_AUTHORIZER) });
  }
  const { deleted, response } = decideAclDeletions(admin.security(), request);
  for (const [resource] of byResource(deleted.values())) {
    yield* rewriteAcls(admin, resource, (present) => {
      const after = new Map(present);
      for (const key of deleted.keys()) after.delete(key);
      return after;
    });
  }
  return response;
}

function byResource(acls: Iterable<AclBinding>): Map<AclResource, AclBinding[]> {
  const groups = new Map<AclResource, AclBinding[]>();
  for (const acl of acls) {
    const known = [...groups.keys()].find((resource) => isSameResource(resource, acl));
    if (known === undefined) groups.set(acl, [acl]);
    else groups.get(known)!.push(acl);
  }
  return groups;
}

type Acls = ReadonlyMap<string, AclBinding>;

/** Reads and writes again until nobody wrote in between; then tells every broker, and itself at once. */
function* rewriteAcls({ zk, acls: watch }: Admin, resource: AclResource, change: (acls: Acls) => Acls): Task<void> {
  const path = aclPath(resource);
  for (;;) {
    const { data, stat } = yield* zk.getData(path);
    const after = change(decodeAcls(resource, data));
    const bytes = encodeAcls(after.values());
    let err: number;
    if (stat === null) err = after.size === 0 ? ZkCode.OK : (yield* zk.create(path, bytes)).err;
    else if (after.size === 0) ({ err } = yield* zk.delete(path, stat.version));
    else ({ err } = yield* zk.setData(path, bytes, stat.version));
    if (err === ZkCode.OK) break;
  }
  const { path: folder, data } = aclChange(resource);
  yield* zk.create(`${folder}/acl_changes_`, data, CreateFlag.sequential);
  if (watch !== null) yield* watch.read([resource]);
}

export function* alterClientQuotas(admin: Admin, request: AlterClientQuotasRequest): Task<AlterClientQuotasResponse> {
  const { changes, response } = decideQuotaChanges(admin.security(), request);
  for (const entity of new Set(changes.map((change) => change.entity))) {
    const own = changes.filter((change) => change.entity === entity);
    yield* rewriteSettings(
      admin.zk,
      entity,
      own.map(({ name, value }) => ({ name, value: value === null ? null : String(value) })),
    );
  }
  return response;
}

export function* alterScramCredentials(
  admin: Admin,
  request: AlterUserScramCredentialsRequest,
): Task<AlterUserScramCredentialsResponse> {
  const { changes, response } = decideCredentials(admin.security(), request, admin.hashing);
  for (const user of new Set(changes.map((change) => change.user))) {
    const own = changes.filter((change) => change.user === user);
    yield* rewriteSettings(
      admin.zk,
      new Map([['user', user]]),
      own.map(({ mechanism, credential }) => ({
        name: scramMechanism(mechanism)!.name,
        value: credential === null ? null : encodeCredential(credential),
      })),
    );
  }
  return response;
}

interface Setting {
  readonly name: string;
  /** Null takes it away. */
  readonly value: string | null;
}

function* rewriteSettings(zk: ZkAccess, entity: QuotaEntity, changes: readonly Setting[]): Task<void> {
  const name = clientEntityPath(entity);
  const path = `/config/${name}`;
  const { data, stat } = yield* zk.getData(path);
  const settings = decodeConfig(data);
  for (const change of changes) {
    if (change.value === null) settings.delete(change.name);
    else settings.set(change.name, change.value);
  }
  if (stat === null) yield* createWithParents(zk, path, encodeConfig(settings));
  else yield* zk.setData(path, encodeConfig(settings), -1);
  yield* zk.create(`${CONFIG_CHANGES_PATH}/config_change_`, encodeConfigChange(name), CreateFlag.sequential);
}

function* createWithParents(zk: ZkAccess, path: string, data: Uint8Array | null): Task<void> {
  const { err } = yield* zk.create(path, data);
  if (err === ZkCode.NODE_EXISTS && data !== null) yield* zk.setData(path, data, -1);
  if (err !== ZkCode.NO_NODE) return;
  yield* createWithParents(zk, path.slice(0, path.lastIndexOf('/')), null);
  yield* zk.create(path, data);
}
