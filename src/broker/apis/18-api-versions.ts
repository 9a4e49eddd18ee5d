/**
 * ApiVersions, versions 0–4 (KIP-35, KIP-511, KIP-584). What this broker answers, and nothing else: an API that is not
 * simulated is not listed. A version that is not offered is answered in version 0 by the server itself
 * (`rpc/server-connection.ts`). Kafka's `ApiVersionsRequest.isValid` and `ApiVersionsResponse`.
 *
 * Not simulated: share.version and streams.version, which nothing here would obey.
 */
import { ApiVersions, type ApiVersionsRequest, type ApiVersionsResponse } from '../../protocol/apis/18-api-versions.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { type BrokerServices, handler } from '../services.ts';

const PRODUCE_KEY = 0;
const FIRST_WITH_SOFTWARE_NAME = 3;
/** Before, clients choke on a feature whose least level is 0 (KAFKA-17492). */
const FIRST_WITH_LEVEL_ZERO = 4;
const SOFTWARE_NAME = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/;

export const apiVersions = handler(ApiVersions, (services, request) => {
  const { version, body } = request;
  request.respond(
    version >= FIRST_WITH_SOFTWARE_NAME && !namesItself(body)
      ? ApiVersions.response.make({ errorCode: ErrorCode.INVALID_REQUEST })
      : describe(services, version),
  );
});

function namesItself({ clientSoftwareName, clientSoftwareVersion }: ApiVersionsRequest): boolean {
  return SOFTWARE_NAME.test(clientSoftwareName) && SOFTWARE_NAME.test(clientSoftwareVersion);
}

function describe({ offered, coordination, release }: BrokerServices, version: number): ApiVersionsResponse {
  const { supportedFeatures, image } = coordination;
  const kraft = coordination.mode === 'kraft';
  return {
    errorCode: ErrorCode.NONE,
    apiKeys: [...offered].map(([apiKey, { min, max }]) => ({
      apiKey,
      // 4.x refuses versions 0 to 2 of Produce, and yet lists them: librdkafka would not compress otherwise (KAFKA-18659).
      minVersion: apiKey === PRODUCE_KEY && release !== '3.9' ? 0 : min,
      maxVersion: max,
    })),
    throttleTimeMs: 0,
    supportedFeatures: supportedFeatures
      .filter(({ min }) => min > 0 || version >= FIRST_WITH_LEVEL_ZERO)
      .map(({ name, min, max }) => ({ name, minVersion: min, maxVersion: max })),
    finalizedFeaturesEpoch: kraft ? image.version : 0,
    finalizedFeatures: [...image.features].map(([name, level]) => ({
      name,
      maxVersionLevel: level,
      minVersionLevel: level,
    })),
    zkMigrationReady: false,
  };
}
