/** All ACLs of a cluster, and what they say of a wish (Kafka's `StandardAuthorizerData` and `AclAuthorizer`: the same rules). */
import {
  type AclBinding,
  type AclFilter,
  ANYBODY,
  matchesFilter,
  Operation,
  PatternType,
  Permission,
  WILDCARD,
} from '../../protocol/acl.ts';
import type { AclRules, AclWish } from '../index.ts';

/** Whoever may do one of these may do the first of the line too. */
const IMPLIED: Readonly<Record<number, readonly number[]>> = {
  [Operation.describe]: [Operation.read, Operation.write, Operation.delete, Operation.alter],
  [Operation.describeConfigs]: [Operation.alterConfigs],
};

const NONE: readonly AclBinding[] = [];

/** Immutable: a change makes another one. */
export class AclSet implements AclRules {
  static readonly empty = new AclSet(new Map());
  /** By id: KRaft's own, or the rule written out. */
  readonly byId: ReadonlyMap<string, AclBinding>;
  /** Literal rules by type and name, the wildcard among them. */
  private readonly literal = new Map<string, AclBinding[]>();
  /** Prefixed rules by type. */
  private readonly prefixed = new Map<number, AclBinding[]>();

  constructor(byId: ReadonlyMap<string, AclBinding>) {
    this.byId = byId;
    for (const acl of byId.values()) {
      if (acl.patternType === PatternType.literal) put(this.literal, `${acl.resourceType}/${acl.resourceName}`, acl);
      else put(this.prefixed, acl.resourceType, acl);
    }
  }

  get size(): number {
    return this.byId.size;
  }

  matching(filter: AclFilter): readonly AclBinding[] {
    return [...this.byId.values()].filter((acl) => matchesFilter(filter, acl));
  }

  decide(wish: AclWish): 'allowed' | 'denied' | 'no-rules' {
    if (this.byId.size === 0) return 'no-rules';
    const { resourceType, resourceName } = wish;
    const exact = this.literal.get(`${resourceType}/${resourceName}`) ?? NONE;
    const everywhere = resourceName === WILDCARD ? NONE : (this.literal.get(`${resourceType}/${WILDCARD}`) ?? NONE);
    let known = exact.length > 0 || everywhere.length > 0;
    let allowed = false;
    for (const rules of [exact, everywhere]) {
      for (const acl of rules) {
        if (!speaksOf(acl, wish)) continue;
        if (acl.permissionType === Permission.deny) return 'denied';
        allowed = true;
      }
    }
    for (const acl of this.prefixed.get(resourceType) ?? NONE) {
      if (!resourceName.startsWith(acl.resourceName)) continue;
      known = true;
      if (!speaksOf(acl, wish)) continue;
      if (acl.permissionType === Permission.deny) return 'denied';
      allowed = true;
    }
    if (allowed) return 'allowed';
    return known ? 'denied' : 'no-rules';
  }

  allowsSomewhere({ principal, host, operation, resourceType }: Omit<AclWish, 'resourceName'>): boolean {
    const denied: AclBinding[] = [];
    const allowed: AclBinding[] = [];
    for (const acl of this.byId.values()) {
      if (acl.resourceType !== resourceType || !isFrom(acl, principal, host)) continue;
      if (acl.operation !== operation && acl.operation !== Operation.all) continue;
      if (acl.permissionType === Permission.allow) allowed.push(acl);
      else if (isEverywhere(acl)) return false;
      else denied.push(acl);
    }
    return allowed.some((acl) => isEverywhere(acl) || !denied.some((deny) => covers(deny, acl)));
  }
}

function put<K>(index: Map<K, AclBinding[]>, key: K, acl: AclBinding): void {
  const rules = index.get(key);
  if (rules === undefined) index.set(key, [acl]);
  else rules.push(acl);
}

function isFrom(acl: AclBinding, principal: string, host: string): boolean {
  if (acl.principal !== principal && acl.principal !== ANYBODY) return false;
  return acl.host === WILDCARD || acl.host === host;
}

/** A permission implies lesser ones; a denial denies what it names. */
function speaksOf(acl: AclBinding, { principal, host, operation }: AclWish): boolean {
  if (!isFrom(acl, principal, host)) return false;
  if (acl.operation === operation || acl.operation === Operation.all) return true;
  return acl.permissionType === Permission.allow && IMPLIED[operation]?.includes(acl.operation) === true;
}

function isEverywhere({ patternType, resourceName }: AclBinding): boolean {
  return patternType === PatternType.literal && resourceName === WILDCARD;
}

/** Whether nothing is left of what an ACL allows beside this denial. */
function covers(deny: AclBinding, allow: AclBinding): boolean {
  if (deny.patternType === PatternType.prefixed) return allow.resourceName.startsWith(deny.resourceName);
  return allow.patternType === PatternType.literal && allow.resourceName === deny.resourceName;
}
