import { fail } from '../kernel/assert.ts';

/** What may have dynamic settings of its own, beside a broker's loggers, which are the broker's affair. */
export type ConfigResourceType = 'topic' | 'broker' | 'group' | 'client-metrics';

/** Numbers on the wire and in records (`ConfigResource.Type`). */
export const RESOURCE = { topic: 2, broker: 4, brokerLogger: 8, clientMetrics: 16, group: 32 } as const;

const TYPES: ReadonlyMap<number, ConfigResourceType> = new Map([
  [RESOURCE.topic, 'topic'],
  [RESOURCE.broker, 'broker'],
  [RESOURCE.clientMetrics, 'client-metrics'],
  [RESOURCE.group, 'group'],
]);

export type ConfigKey = `${ConfigResourceType}/${string}`;

export function resourceOf(key: ConfigKey): { readonly type: ConfigResourceType; readonly name: string } {
  for (const type of TYPES.values()) if (key.startsWith(`${type}/`)) return { type, name: key.slice(type.length + 1) };
  return fail(`no resource has the key ${key}`);
}

/** Undefined for a number without settings in the metadata. */
export function configResourceType(number: number): ConfigResourceType | undefined {
  return TYPES.get(number);
}
