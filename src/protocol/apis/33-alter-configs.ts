import { api } from '../api.ts';
import { array, bool, int8, int16, int32, string, struct, type Value } from '../schema.ts';

/** Replaces the dynamic configuration of resources as a whole. */
export const AlterConfigs = api({
  key: 33,
  name: 'AlterConfigs',
  versions: '0-2',
  flexible: 2,
  offered: { '3.9': '0-2', '4.0': '0-2', '4.1': '0-2', '4.2': '0-2' },
  listeners: ['zkBroker', 'broker', 'controller'],
  request: struct({
    resources: array(
      struct({
        resourceType: int8(),
        resourceName: string(),
        configs: array(
          struct({
            name: string(),
            value: string({ nullable: '0+' }),
          }),
        ),
      }),
    ),
    validateOnly: bool(),
  }),
  response: struct({
    throttleTimeMs: int32(),
    responses: array(
      struct({
        errorCode: int16(),
        errorMessage: string({ nullable: '0+' }),
        resourceType: int8(),
        resourceName: string(),
      }),
    ),
  }),
});

export type AlterConfigsRequest = Value<typeof AlterConfigs.request>;
export type AlterConfigsResource = AlterConfigsRequest['resources'][number];
export type AlterConfigsRequestAlterableConfig = AlterConfigsResource['configs'][number];

export type AlterConfigsResponse = Value<typeof AlterConfigs.response>;
export type AlterConfigsResourceResponse = AlterConfigsResponse['responses'][number];
