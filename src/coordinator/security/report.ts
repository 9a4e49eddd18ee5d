/** Tells the trace of ACLs, credentials and quotas, in the words that both modes share. */
import type { Context, EventId } from '../../kernel/api.ts';
import {
  type AclBinding,
  OPERATION_NAMES,
  PATTERN_TYPE_NAMES,
  PERMISSION_NAMES,
  RESOURCE_TYPE_NAMES,
} from '../../protocol/acl.ts';
import { scramMechanism } from '../../protocol/scram.ts';
import { authorityEvents as kinds, type QuotaEntity } from '../index.ts';

interface Change {
  /** Metadata offset, or zxid. */
  readonly version: number;
}

export function reportAcl(
  context: Context,
  { version, acl, exists }: Change & { readonly acl: AclBinding; readonly exists: boolean },
  cause?: EventId,
): EventId {
  const values = [
    version,
    acl.principal,
    acl.host,
    PERMISSION_NAMES[acl.permissionType]!,
    OPERATION_NAMES[acl.operation]!,
    RESOURCE_TYPE_NAMES[acl.resourceType]!,
    acl.resourceName,
    PATTERN_TYPE_NAMES[acl.patternType]!,
    exists,
  ];
  return context.emit(kinds['acl-changed'], values, cause);
}

export function reportCredential(
  context: Context,
  change: Change & { readonly user: string; readonly mechanism: number; readonly exists: boolean },
  cause?: EventId,
): EventId {
  const { version, user, mechanism, exists } = change;
  const name = scramMechanism(mechanism)?.name ?? String(mechanism);
  return context.emit(kinds['credential-changed'], [version, user, name, exists], cause);
}

export function reportQuota(
  context: Context,
  change: Change & { readonly entity: QuotaEntity; readonly name: string; readonly value: number | null },
  cause?: EventId,
): EventId {
  const { version, entity, name, value } = change;
  const text = [...entity].map(([type, of]) => `${type}=${of ?? '<default>'}`).join();
  return context.emit(kinds['quota-changed'], [version, text, name, value], cause);
}
