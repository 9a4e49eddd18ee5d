import { api } from '../api.ts';
import { array, bool, int16, int32, int64, string, struct, type Value } from '../schema.ts';

/** A client asks which versions of which APIs, and which features, a broker offers. */
export const ApiVersions = api({
  key: 18,
  name: 'ApiVersions',
  versions: '0-4',
  flexible: 3,
  offered: { '3.9': '0-4', '4.0': '0-4', '4.1': '0-4', '4.2': '0-4' },
  listeners: ['zkBroker', 'broker', 'controller'],
  request: struct({
    clientSoftwareName: string({ versions: '3+', ignorable: true }),
    clientSoftwareVersion: string({ versions: '3+', ignorable: true }),
  }),
  response: struct({
    errorCode: int16(),
    apiKeys: array(
      struct({
        apiKey: int16(),
        minVersion: int16(),
        maxVersion: int16(),
      }),
    ),
    throttleTimeMs: int32({ versions: '1+', ignorable: true }),
    supportedFeatures: array(
      struct({
        name: string(),
        minVersion: int16(),
        maxVersion: int16(),
      }),
      { versions: '3+', tag: 0, ignorable: true },
    ),
    finalizedFeaturesEpoch: int64({ versions: '3+', tag: 1, default: -1, ignorable: true }),
    finalizedFeatures: array(
      struct({
        name: string(),
        maxVersionLevel: int16(),
        minVersionLevel: int16(),
      }),
      { versions: '3+', tag: 2, ignorable: true },
    ),
    zkMigrationReady: bool({ versions: '3+', tag: 3, ignorable: true }),
  }),
});

export type ApiVersionsRequest = Value<typeof ApiVersions.request>;

export type ApiVersionsResponse = Value<typeof ApiVersions.response>;
export type ApiVersion = ApiVersionsResponse['apiKeys'][number];
export type SupportedFeatureKey = ApiVersionsResponse['supportedFeatures'][number];
export type FinalizedFeatureKey = ApiVersionsResponse['finalizedFeatures'][number];
