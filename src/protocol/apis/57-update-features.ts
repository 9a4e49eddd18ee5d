import { api } from '../api.ts';
import { array, bool, int8, int16, int32, string, struct, type Value } from '../schema.ts';

/** Raises or lowers finalized feature levels. */
export const UpdateFeatures = api({
  key: 57,
  name: 'UpdateFeatures',
  versions: '0-2',
  flexible: 0,
  offered: { '3.9': '0-1', '4.0': '0-2', '4.1': '0-2', '4.2': '0-2' },
  listeners: ['zkBroker', 'broker', 'controller'],
  request: struct({
    timeoutMs: int32({ default: 60000 }),
    featureUpdates: array(
      struct({
        feature: string(),
        maxVersionLevel: int16(),
        allowDowngrade: bool({ versions: '0' }),
        upgradeType: int8({ versions: '1+', default: 1 }),
      }),
    ),
    validateOnly: bool({ versions: '1+' }),
  }),
  response: struct({
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: '0+' }),
    results: array(
      struct({
        feature: string(),
        errorCode: int16(),
        errorMessage: string({ nullable: '0+' }),
      }),
      { versions: '0-1', ignorable: true },
    ),
  }),
});

export type UpdateFeaturesRequest = Value<typeof UpdateFeatures.request>;
export type FeatureUpdateKey = UpdateFeaturesRequest['featureUpdates'][number];

export type UpdateFeaturesResponse = Value<typeof UpdateFeatures.response>;
export type UpdatableFeatureResult = UpdateFeaturesResponse['results'][number];
