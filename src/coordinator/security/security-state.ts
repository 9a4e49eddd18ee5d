import type { AclBinding, AclFilter } from '../../protocol/acl.ts';
import type { ComponentData } from '../../protocol/apis/48-describe-client-quotas.ts';
import type { ScramCredential } from '../../protocol/scram.ts';
import type { ClientQuota, QuotaEntity, SecurityImage } from '../index.ts';
import { AclSet } from './acl-set.ts';
import { matchingQuotas, quotaFilterError, quotaKey } from './client-quotas.ts';

type Credentials = ReadonlyMap<string, ReadonlyMap<number, ScramCredential>>;

interface Contents {
  readonly acls: AclSet;
  readonly scram: Credentials;
  readonly quotas: ReadonlyMap<string, ClientQuota>;
}

/** ACLs, credentials and quotas as one authority has them. Immutable: a change makes another one. */
export class SecurityState implements SecurityImage {
  static readonly empty = new SecurityState({ acls: AclSet.empty, scram: new Map(), quotas: new Map() });
  readonly acls: AclSet;
  readonly scram: Credentials;
  readonly quotas: ReadonlyMap<string, ClientQuota>;

  private constructor({ acls, scram, quotas }: Contents) {
    this.acls = acls;
    this.scram = scram;
    this.quotas = quotas;
  }

  private with(change: Partial<Contents>): SecurityState {
    const { acls, scram, quotas } = this;
    return new SecurityState({ acls, scram, quotas, ...change });
  }

  describeAcls(filter: AclFilter): readonly AclBinding[] {
    return this.acls.matching(filter);
  }

  quotaFilterError(components: readonly ComponentData[]): string | null {
    return quotaFilterError(components);
  }

  describeQuotas(components: readonly ComponentData[], strict: boolean): readonly ClientQuota[] {
    return matchingQuotas(this.quotas, components, strict);
  }

  quotasOf(entity: QuotaEntity): ReadonlyMap<string, number> {
    return this.quotas.get(quotaKey(entity))?.values ?? NO_VALUES;
  }

  withAcl(id: string, acl: AclBinding): SecurityState {
    return this.with({ acls: new AclSet(new Map(this.acls.byId).set(id, acl)) });
  }

  withoutAcl(id: string): SecurityState {
    const byId = new Map(this.acls.byId);
    byId.delete(id);
    return this.with({ acls: new AclSet(byId) });
  }

  /** In the place of every rule that `belongs` says yes to. */
  withAclsInPlaceOf(belongs: (acl: AclBinding) => boolean, acls: ReadonlyMap<string, AclBinding>): SecurityState {
    const kept = [...this.acls.byId].filter(([, acl]) => !belongs(acl));
    return this.with({ acls: new AclSet(new Map([...kept, ...acls])) });
  }

  /** Null takes a credential away. */
  withCredential(user: string, mechanism: number, credential: ScramCredential | null): SecurityState {
    const own = new Map(this.scram.get(user));
    if (credential === null) own.delete(mechanism);
    else own.set(mechanism, credential);
    const scram = new Map(this.scram);
    if (own.size === 0) scram.delete(user);
    else scram.set(user, own);
    return this.with({ scram });
  }

  /** Null takes a quota away. */
  withQuota(entity: QuotaEntity, name: string, value: number | null): SecurityState {
    const values = new Map(this.quotasOf(entity));
    if (value === null) values.delete(name);
    else values.set(name, value);
    return this.withQuotas(entity, values);
  }

  /** All that an entity has from here on. */
  withQuotas(entity: QuotaEntity, values: ReadonlyMap<string, number>): SecurityState {
    const key = quotaKey(entity);
    const quotas = new Map(this.quotas);
    if (values.size === 0) quotas.delete(key);
    else quotas.set(key, { entity, values });
    return this.with({ quotas });
  }
}

const NO_VALUES: ReadonlyMap<string, number> = new Map();
