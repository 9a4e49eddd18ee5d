/** Quotas of users, client ids and addresses: which may be set, what they are called, and which ones a filter means (KIP-546, KIP-612). */
import type { ComponentData } from '../../protocol/apis/48-describe-client-quotas.ts';
import type { AlterClientQuotasRequestOpData as Operation } from '../../protocol/apis/49-alter-client-quotas.ts';
import type { ClientQuota, QuotaEntity } from '../index.ts';

export type EntityParts = readonly { readonly entityType: string; readonly entityName: string | null }[];

const TYPES = ['user', 'client-id', 'ip'];
/** By setting: the kind of its number. */
const USER_QUOTAS: Readonly<Record<string, 'long' | 'double'>> = {
  producer_byte_rate: 'long',
  consumer_byte_rate: 'long',
  request_percentage: 'double',
  controller_mutation_rate: 'double',
};
const IP_QUOTAS: Readonly<Record<string, 'long' | 'double'>> = { connection_creation_rate: 'long' };

/** The same text for the same entity. Null is the default of a type, and what is missing plays no part. */
export function quotaKey(entity: QuotaEntity): string {
  return JSON.stringify(TYPES.map((type) => (entity.has(type) ? [entity.get(type)] : [])));
}

/** Why nobody can have quotas of this name, or the entity. */
export function parseEntity(parts: EntityParts): QuotaEntity | string {
  if (parts.length === 0) return 'an entity without a type';
  const entity = new Map<string, string | null>();
  for (const { entityType, entityName } of parts) {
    if (!TYPES.includes(entityType)) return `there are no quotas of "${entityType}"; there are of ${TYPES.join(', ')}`;
    if (entity.has(entityType)) return `"${entityType}" is named twice`;
    if (entityName === '') return `the name of "${entityType}" is empty`;
    entity.set(entityType, entityName);
  }
  if (entity.has('ip') && entity.size > 1) return 'quotas of an address are of nothing else';
  return entity;
}

/** Why this cannot be set of this entity, or null. */
export function quotaError(entity: QuotaEntity, { key, value, remove }: Operation): string | null {
  const known = entity.has('ip') ? IP_QUOTAS : USER_QUOTAS;
  const kind = Object.hasOwn(known, key) ? known[key] : undefined;
  if (kind === undefined) return `there is no quota ${key}; there are ${Object.keys(known).join(', ')}`;
  if (remove) return null;
  if (!(value > 0)) return `${key} is ${value}, and must be above 0`;
  return kind === 'long' && !Number.isInteger(value) ? `${key} is ${value}, and must be a whole number` : null;
}

const EXACT = 0;
const DEFAULT = 1;
const SPECIFIED = 2;

/** Why a filter cannot be followed, or null. */
export function quotaFilterError(components: readonly ComponentData[]): string | null {
  const seen = new Set<string>();
  for (const { entityType, matchType, match } of components) {
    if (entityType === '') return 'a component without a type';
    if (seen.has(entityType)) return `"${entityType}" is named twice`;
    seen.add(entityType);
    if (matchType === EXACT && match === null) return `which "${entityType}" is meant is missing`;
    if (matchType !== EXACT && match !== null) return `a name of "${entityType}" where none is asked for`;
    if (matchType < EXACT || matchType > SPECIFIED) return `there is no kind of match ${matchType}`;
  }
  return seen.has('ip') && seen.size > 1 ? 'quotas of an address are of nothing else' : null;
}

/** `strict`: the entity may have no types but those of the filter. */
export function matchingQuotas(
  quotas: ReadonlyMap<string, ClientQuota>,
  components: readonly ComponentData[],
  strict: boolean,
): readonly ClientQuota[] {
  return [...quotas.values()].filter(({ entity }) => {
    if (strict && entity.size !== components.length) return false;
    return components.every(({ entityType, matchType, match }) => {
      const name = entity.get(entityType);
      if (name === undefined) return false;
      if (matchType === EXACT) return name === match;
      return matchType === DEFAULT ? name === null : true;
    });
  });
}
