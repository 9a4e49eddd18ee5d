import { ApiVersions, type ApiVersionsResponse } from '../protocol/apis/18-api-versions.ts';
import { apiByKey } from '../protocol/apis/index.ts';
import type { Api, Release } from '../protocol/schema.ts';
import { intersect } from '../protocol/versions.ts';

const SOFTWARE_NAME = 'kzsim';
const SOFTWARE_VERSION: { readonly [R in Release]: string } = {
  '3.9': '3.9.1',
  '4.0': '4.0.2',
  '4.1': '4.1.2',
  '4.2': '4.2.1',
};

/** What one connection may be asked, by API key: the newest version that both sides know (NodeApiVersions). */
export type UsableVersions = readonly (number | undefined)[];

export function apiVersionsRequest(release: Release) {
  return ApiVersions.request.make({
    clientSoftwareName: SOFTWARE_NAME,
    clientSoftwareVersion: SOFTWARE_VERSION[release],
  });
}

export function usableVersions(release: Release, response: ApiVersionsResponse): UsableVersions {
  const usable: (number | undefined)[] = [];
  for (const { apiKey, minVersion, maxVersion } of response.apiKeys) {
    const known = apiByKey(apiKey)?.offered[release];
    const both = known ? intersect(known, { min: minVersion, max: maxVersion }) : null;
    if (both !== null) usable[apiKey] = both.max;
  }
  return usable;
}

/** The version of ApiVersions to try next after a broker refused one (KIP-511): the highest that it named. */
export function lowerApiVersions(response: ApiVersionsResponse): number {
  const named = response.apiKeys.find(({ apiKey }) => apiKey === ApiVersions.key);
  return named === undefined ? 0 : Math.min(named.maxVersion, ApiVersions.versions.max);
}

export function newestApiVersions(release: Release): number {
  return newest(ApiVersions, release);
}

function newest(api: Api, release: Release): number {
  return (api.offered[release] ?? api.versions).max;
}
