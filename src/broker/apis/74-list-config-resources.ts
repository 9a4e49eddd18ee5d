/**
 * ListConfigResources, version 0 (3.9 and 4.0: only subscriptions of client metrics) and 1 (4.1: any type, KIP-1142; KRaft alone).
 * Kafka's `KafkaApis.handleListConfigResources`.
 */

import { ListConfigResources } from '../../protocol/apis/74-list-config-resources.ts';
import { type ConfigResourceType, RESOURCE } from '../../protocol/config-resource.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { type BrokerServices, handler } from '../services.ts';

const FIRST_WITH_TYPES = 1;
/** In the order of the answer. */
const ALL: readonly number[] = [
  RESOURCE.group,
  RESOURCE.clientMetrics,
  RESOURCE.brokerLogger,
  RESOURCE.broker,
  RESOURCE.topic,
];

export const listConfigResources = handler(ListConfigResources, (services, request) => {
  const { version, body } = request;
  const { resourceTypes } = body;
  const asked = version < FIRST_WITH_TYPES ? [RESOURCE.clientMetrics] : resourceTypes.length > 0 ? resourceTypes : ALL;
  if (asked.some((type) => !ALL.includes(type))) {
    request.respond(ListConfigResources.response.make({ errorCode: ErrorCode.UNSUPPORTED_VERSION }));
    return;
  }
  const configResources = ALL.filter((type) => asked.includes(type)).flatMap((resourceType) =>
    namesOf(services, resourceType).map((resourceName) => ({ resourceName, resourceType })),
  );
  request.respond(ListConfigResources.response.make({ configResources }));
});

function namesOf({ coordination: { image } }: BrokerServices, type: number): readonly string[] {
  const configured = (of: ConfigResourceType): readonly string[] => image.configured(of).toSorted();
  switch (type) {
    case RESOURCE.topic:
      return [...image.topics.keys()];
    case RESOURCE.clientMetrics:
      return configured('client-metrics');
    case RESOURCE.group:
      return configured('group');
    default:
      return [...image.brokers.values()].filter(({ fenced }) => !fenced).map(({ id }) => String(id));
  }
}
