/**
 * ApiVersions, versions 0–4 (KIP-35, KIP-511, KIP-584). What this broker answers, and nothing else: an API that is not
 * simulated is not listed.
 *
 * Not simulated: the client's software name is only written down; of features only metadata.version is shown.
 */
import { ApiVersions, type ApiVersionsResponse } from '../../protocol/apis/18-api-versions.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { type BrokerServices, handler } from '../services.ts';

/** `MetadataVersion` levels: 3.0-IV1 (the first with KRaft) or 3.3-IV3, to the latest production level of the release. */
const METADATA_VERSION = { '3.9': { min: 1, max: 21 }, '4.2': { min: 7, max: 29 } } as const;

export const apiVersions = handler(ApiVersions, (services, request) => request.respond(describe(services)));

function describe(services: BrokerServices): ApiVersionsResponse {
  const { offered, coordination, release } = services;
  const kraft = coordination.mode === 'kraft';
  const { min, max } = METADATA_VERSION[release];
  return {
    errorCode: ErrorCode.NONE,
    apiKeys: [...offered].map(([apiKey, range]) => ({ apiKey, minVersion: range.min, maxVersion: range.max })),
    throttleTimeMs: 0,
    supportedFeatures: kraft ? [{ name: 'metadata.version', minVersion: min, maxVersion: max }] : [],
    finalizedFeaturesEpoch: kraft ? coordination.image.version : 0,
    finalizedFeatures: kraft ? [{ name: 'metadata.version', maxVersionLevel: max, minVersionLevel: max }] : [],
    zkMigrationReady: false,
  };
}
