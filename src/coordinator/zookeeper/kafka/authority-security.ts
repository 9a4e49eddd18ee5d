/** What written znodes mean for ACLs, quotas and credentials: the part of the authority's translator that speaks of security. */
import type { Context } from '../../../kernel/api.ts';
import type { AclBinding } from '../../../protocol/acl.ts';
import { reportAcl, reportCredential, reportQuota } from '../../security/report.ts';
import { credentialsIn, decodeAcls, parseAclPath, parseClientEntity, quotasIn } from './security-znodes.ts';
import { decodeConfig } from './znodes.ts';

/** Data null: the znode went. */
interface Written {
  readonly context: Context;
  readonly version: number;
  readonly data: Uint8Array | null;
}

export class SecurityTranslator {
  private readonly acls = new Map<string, ReadonlyMap<string, AclBinding>>();
  private readonly settings = new Map<string, ReadonlyMap<string, string>>();

  aclsWritten(path: string, { context, version, data }: Written): void {
    const resource = parseAclPath(path);
    if (resource === undefined) return;
    const before = this.acls.get(path) ?? new Map<string, AclBinding>();
    const after = decodeAcls(resource, data);
    this.acls.set(path, after);
    for (const [key, acl] of after) if (!before.has(key)) reportAcl(context, { version, acl, exists: true });
    for (const [key, acl] of before) if (!after.has(key)) reportAcl(context, { version, acl, exists: false });
  }

  /** `users/alice`, `clients/web` … */
  clientSettingsWritten(path: string, { context, version, data }: Written): void {
    const entity = parseClientEntity(path);
    if (entity === undefined) return;
    const before = this.settings.get(path) ?? new Map<string, string>();
    const after = decodeConfig(data);
    this.settings.set(path, after);
    const [old, now] = [quotasIn(before), quotasIn(after)];
    for (const [name, value] of now) {
      if (old.get(name) !== value) reportQuota(context, { version, entity, name, value });
    }
    for (const name of old.keys()) if (!now.has(name)) reportQuota(context, { version, entity, name, value: null });
    const user = entity.get('user');
    if (entity.size > 1 || typeof user !== 'string') return;
    const [had, has] = [credentialsIn(before), credentialsIn(after)];
    for (const mechanism of new Set([...had.keys(), ...has.keys()])) {
      const same = JSON.stringify(had.get(mechanism)) === JSON.stringify(has.get(mechanism));
      if (!same) reportCredential(context, { version, user, mechanism, exists: has.has(mechanism) });
    }
  }
}
