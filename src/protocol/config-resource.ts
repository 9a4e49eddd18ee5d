/** What may have dynamic settings of its own, beside a broker's loggers, which are the broker's affair. */
export type ConfigResourceType = 'topic' | 'broker' | 'group' | 'client-metrics';

/** Numbers on the wire and in records (`ConfigResource.Type`). */
export const RESOURCE = { topic: 2, broker: 4, brokerLogger: 8, clientMetrics: 16, group: 32 } as const;

export const CONFIG_RESOURCE_TYPES: ReadonlyMap<number, ConfigResourceType> = new Map([
  [RESOURCE.topic, 'topic'],
  [RESOURCE.broker, 'broker'],
  [RESOURCE.clientMetrics, 'client-metrics'],
  [RESOURCE.group, 'group'],
]);

/** Undefined for a number without settings in the metadata. */
export function configResourceType(number: number): ConfigResourceType | undefined {
  return CONFIG_RESOURCE_TYPES.get(number);
}
