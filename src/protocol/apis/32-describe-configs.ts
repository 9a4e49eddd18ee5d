import { api } from '../api.ts';
import { array, bool, int8, int16, int32, string, struct, type Value } from '../schema.ts';

/** Asks for the configuration of topics, brokers, groups or client metrics. */
export const DescribeConfigs = api({
  key: 32,
  name: 'DescribeConfigs',
  versions: '0-4',
  flexible: 4,
  offered: { '3.9': '0-4', '4.0': '1-4', '4.1': '1-4', '4.2': '1-4' },
  listeners: ['zkBroker', 'broker', 'controller'],
  request: struct({
    resources: array(
      struct({
        resourceType: int8(),
        resourceName: string(),
        configurationKeys: array(string(), { nullable: '0+' }),
      }),
    ),
    includeSynonyms: bool({ versions: '1+' }),
    includeDocumentation: bool({ versions: '3+' }),
  }),
  response: struct({
    throttleTimeMs: int32(),
    results: array(
      struct({
        errorCode: int16(),
        errorMessage: string({ nullable: '0+' }),
        resourceType: int8(),
        resourceName: string(),
        configs: array(
          struct({
            name: string(),
            value: string({ nullable: '0+' }),
            readOnly: bool(),
            isDefault: bool({ versions: '0' }),
            configSource: int8({ versions: '1+', default: -1, ignorable: true }),
            isSensitive: bool(),
            synonyms: array(
              struct({
                name: string(),
                value: string({ nullable: '0+' }),
                source: int8(),
              }),
              { versions: '1+', ignorable: true },
            ),
            configType: int8({ versions: '3+', ignorable: true }),
            documentation: string({ versions: '3+', nullable: '0+', ignorable: true }),
          }),
        ),
      }),
    ),
  }),
});

export type DescribeConfigsRequest = Value<typeof DescribeConfigs.request>;
export type DescribeConfigsResource = DescribeConfigsRequest['resources'][number];

export type DescribeConfigsResponse = Value<typeof DescribeConfigs.response>;
export type DescribeConfigsResult = DescribeConfigsResponse['results'][number];
export type DescribeConfigsResourceResult = DescribeConfigsResult['configs'][number];
export type DescribeConfigsSynonym = DescribeConfigsResourceResult['synonyms'][number];
