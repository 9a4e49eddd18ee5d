/** UpdateFeatures (57, KIP-584): the level of a feature is finalized anew, for all or for none of those asked for (FeatureControlManager). */
import {
  type FeatureUpdateKey,
  UpdateFeatures,
  type UpdateFeaturesRequest,
  type UpdateFeaturesResponse,
} from '../../../protocol/apis/57-update-features.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import { ELR_VERSION, METADATA_VERSION } from '../../features.ts';
import { CONFIG_BROKER, type MetadataRecord } from '../metadata/records.ts';
import type { Refusal } from './create-topics.ts';
import type { ControllerState, Decision } from './state.ts';

const UPGRADE = 1;
const SAFE_DOWNGRADE = 2;
const UNSAFE_DOWNGRADE = 3;

export function decideUpdateFeatures(
  state: ControllerState,
  { featureUpdates, validateOnly }: UpdateFeaturesRequest,
): Decision<UpdateFeaturesResponse> {
  const records: MetadataRecord[] = [];
  for (const update of featureUpdates) {
    const planned = plan(state, update);
    if ('errorCode' in planned) return refused(featureUpdates, update, planned);
    records.push(...planned);
  }
  const results = featureUpdates.map(({ feature }) => ({ feature, errorMessage: null }));
  const response = UpdateFeatures.response.make({ errorMessage: null, results });
  return { records: validateOnly ? [] : records, reason: 'features-updated', response };
}

function refused(
  all: readonly FeatureUpdateKey[],
  { feature }: FeatureUpdateKey,
  { errorCode, errorMessage }: Refusal,
): Decision<UpdateFeaturesResponse> {
  const message = `no feature was updated: ${errorMessage}`;
  const results = all.map((one) => ({
    feature: one.feature,
    errorCode,
    errorMessage: one.feature === feature ? errorMessage : message,
  }));
  return {
    records: [],
    reason: '',
    response: UpdateFeatures.response.make({ errorCode, errorMessage: message, results }),
  };
}

/** Version 0 says that a downgrade is allowed, later ones how safe it must be. */
function kindOf({ upgradeType, allowDowngrade }: FeatureUpdateKey): number {
  return allowDowngrade ? SAFE_DOWNGRADE : upgradeType;
}

function plan(state: ControllerState, update: FeatureUpdateKey): MetadataRecord[] | Refusal {
  const { feature: name, maxVersionLevel: level } = update;
  const kind = kindOf(update);
  if (kind < UPGRADE || kind > UNSAFE_DOWNGRADE)
    return { errorCode: ErrorCode.INVALID_REQUEST, errorMessage: `there is no upgrade type ${kind}` };
  const refuse = (why: string): Refusal => ({
    errorCode: ErrorCode.INVALID_UPDATE_VERSION,
    errorMessage: `Invalid update version ${level} for feature ${name}. ${why}`,
  });
  const present = state.metadata.features.get(name) ?? 0;
  const unsupported = whoLacks(state, name, level);
  if (level < 0) return refuse('A level is not below 0.');
  if (unsupported !== null) return refuse(unsupported);
  if (level < present && kind === UPGRADE)
    return refuse('This is a downgrade: the upgrade type must be safe or unsafe downgrade.');
  if (level > present && kind !== UPGRADE) return refuse('This is an upgrade: the upgrade type must be upgrade.');
  if (name === METADATA_VERSION && level < present)
    return refuse('The metadata version is not lowered: records of the present one may be in the log.');
  if (level === present) return [];
  const records: MetadataRecord[] = [{ kind: 'feature-level', name, featureLevel: level }];
  // While ELR is on, the least ISR is a setting of the whole cluster (KIP-966).
  if (name === ELR_VERSION && level > 0 && state.metadata.config('broker/', 'min.insync.replicas') === undefined) {
    const value = String(state.config.minInsyncReplicas);
    records.push({ kind: 'config', resourceType: CONFIG_BROKER, resourceName: '', name: 'min.insync.replicas', value });
  }
  return records;
}

/** Every controller runs this release; a broker says what it supports when it registers. */
function whoLacks(state: ControllerState, name: string, level: number): string | null {
  const own = state.config.supportedFeatures.find((feature) => feature.name === name);
  if (own === undefined) return 'The controllers do not support this feature.';
  // 0 takes a feature back; the metadata version alone cannot do without.
  const fits = (min: number, max: number): boolean =>
    (level === 0 && name !== METADATA_VERSION) || (level >= min && level <= max);
  if (!fits(own.min, own.max)) return `The controllers support only levels ${own.min} to ${own.max}.`;
  for (const { id, features } of state.metadata.brokers.values()) {
    const range = features.find((feature) => feature.name === name);
    if (range === undefined) {
      if (level > 0) return `Broker ${id} does not support this feature.`;
      continue;
    }
    const { minSupportedVersion: min, maxSupportedVersion: max } = range;
    if (!fits(min, max)) return `Broker ${id} supports only levels ${min} to ${max}.`;
  }
  return null;
}
