import type { QuotaEntity, SecurityImage } from '../../coordinator/index.ts';

/** A quota that holds for somebody, and who shares it: everybody with the same key. */
export interface HeldQuota {
  readonly bound: number;
  readonly sharedBy: string;
}

const USER = 1;
const CLIENT = 2;

/** Which quota of this name holds for a user with a client id: the closest (KIP-55, `DefaultQuotaCallback`). */
export function quotaFor(security: SecurityImage, name: string, user: string, clientId: string): HeldQuota | undefined {
  const entities: readonly [level: number, entity: QuotaEntity][] = [
    [USER | CLIENT, pair(user, clientId)],
    [USER | CLIENT, pair(user, null)],
    [USER, new Map([['user', user]])],
    [USER | CLIENT, pair(null, clientId)],
    [USER | CLIENT, pair(null, null)],
    [USER, new Map([['user', null]])],
    [CLIENT, new Map([['client-id', clientId]])],
    [CLIENT, new Map([['client-id', null]])],
  ];
  for (const [level, entity] of entities) {
    const bound = security.quotasOf(entity).get(name);
    if (bound === undefined) continue;
    const sharedBy = JSON.stringify([level & USER ? user : null, level & CLIENT ? clientId : null]);
    return { bound, sharedBy };
  }
  return undefined;
}

function pair(user: string | null, clientId: string | null): QuotaEntity {
  return new Map([
    ['user', user],
    ['client-id', clientId],
  ]);
}
