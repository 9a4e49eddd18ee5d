import { api } from '../api.ts';
import { array, int8, int16, int32, string, struct, type Value } from '../schema.ts';

/** Asks which resources have configuration; in version 0 only client metrics subscriptions. */
export const ListConfigResources = api({
  key: 74,
  name: 'ListConfigResources',
  versions: '0-1',
  flexible: 0,
  offered: { '3.9': '0', '4.0': '0', '4.1': '0-1', '4.2': '0-1' },
  listeners: ['broker'],
  request: struct({
    resourceTypes: array(int8(), { versions: '1+' }),
  }),
  response: struct({
    throttleTimeMs: int32(),
    errorCode: int16(),
    configResources: array(
      struct({
        resourceName: string(),
        resourceType: int8({ versions: '1+', default: 16, ignorable: true }),
      }),
    ),
  }),
});

export type ListConfigResourcesRequest = Value<typeof ListConfigResources.request>;

export type ListConfigResourcesResponse = Value<typeof ListConfigResources.response>;
export type ConfigResource = ListConfigResourcesResponse['configResources'][number];
