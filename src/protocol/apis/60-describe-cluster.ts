import { api } from '../api.ts';
import { array, bool, int8, int16, int32, string, struct, type Value } from '../schema.ts';

/** Asks for the cluster id, the controller and the brokers. */
export const DescribeCluster = api({
  key: 60,
  name: 'DescribeCluster',
  versions: '0-2',
  flexible: 0,
  offered: { '3.9': '0-1', '4.0': '0-2', '4.1': '0-2', '4.2': '0-2' },
  listeners: ['zkBroker', 'broker', 'controller'],
  request: struct({
    includeClusterAuthorizedOperations: bool(),
    endpointType: int8({ versions: '1+', default: 1 }),
    includeFencedBrokers: bool({ versions: '2+' }),
  }),
  response: struct({
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: '0+', default: null }),
    endpointType: int8({ versions: '1+', default: 1 }),
    clusterId: string(),
    controllerId: int32({ default: -1 }),
    brokers: array(
      struct({
        brokerId: int32(),
        host: string(),
        port: int32(),
        rack: string({ nullable: '0+', default: null }),
        isFenced: bool({ versions: '2+' }),
      }),
    ),
    clusterAuthorizedOperations: int32({ default: -2147483648 }),
  }),
});

export type DescribeClusterRequest = Value<typeof DescribeCluster.request>;

export type DescribeClusterResponse = Value<typeof DescribeCluster.response>;
export type DescribeClusterBroker = DescribeClusterResponse['brokers'][number];
