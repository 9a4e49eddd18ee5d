import { api } from '../api.ts';
import { array, bool, int8, int16, int32, string, struct, type Value } from '../schema.ts';

/** Sets, deletes, appends to or subtracts from single configuration values. */
export const IncrementalAlterConfigs = api({
  key: 44,
  name: 'IncrementalAlterConfigs',
  versions: '0-1',
  flexible: 1,
  offered: { '3.9': '0-1', '4.0': '0-1', '4.1': '0-1', '4.2': '0-1' },
  listeners: ['zkBroker', 'broker', 'controller'],
  request: struct({
    resources: array(
      struct({
        resourceType: int8(),
        resourceName: string(),
        configs: array(
          struct({
            name: string(),
            configOperation: int8(),
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

export type IncrementalAlterConfigsRequest = Value<typeof IncrementalAlterConfigs.request>;
export type IncrementalAlterConfigsRequestAlterConfigsResource = IncrementalAlterConfigsRequest['resources'][number];
export type IncrementalAlterConfigsRequestAlterableConfig =
  IncrementalAlterConfigsRequestAlterConfigsResource['configs'][number];

export type IncrementalAlterConfigsResponse = Value<typeof IncrementalAlterConfigs.response>;
export type IncrementalAlterConfigsResponseAlterConfigsResourceResponse =
  IncrementalAlterConfigsResponse['responses'][number];
